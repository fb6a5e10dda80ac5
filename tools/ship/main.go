// Command ship makes what leaves the house: the images of the programs, each with the list of what is in it.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Root         string          `default:"." type:"existingdir" help:"Folder of the project, which holds go.work."`
	Images       imagesCmd       `cmd:"" help:"Build the images of the programs as OCI layouts, and push them if told to."`
	Trees        treesCmd        `cmd:"" help:"Lay out the files of the images in folders, for a Dockerfile."`
	Licenses     licensesCmd     `cmd:"" help:"Write the list of the licences of all that is linked."`
	Dependencies dependenciesCmd `cmd:"" help:"Check that each dependency has its reason."`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("ship: ")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	run := kong.Parse(&c, kong.Name("ship"), kong.Description("Makes what leaves the house."), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := run.Run(&c); err != nil {
		stop()
		log.Fatal(err)
	}
}
