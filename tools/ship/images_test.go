package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/stretchr/testify/require"
)

var testRelease = release{Version: "v1.2.3", Revision: "0123456789abcdef", Epoch: 1_700_000_000}

// projectRoot is the folder of go.work.
func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	return root
}

// extent is what is built: one image, or all of them with a compiler that remembers nothing.
func extent(t *testing.T) (names, archs []string) {
	t.Helper()
	if os.Getenv("ALTIS_SOAK") == "" {
		return []string{"identityd"}, []string{runtime.GOARCH}
	}
	for _, p := range programs {
		names = append(names, p.name)
	}
	return names, []string{"amd64", "arm64"}
}

func TestTheSameTreeGivesTheSameImages(t *testing.T) {
	names, archs := extent(t)
	build := func(root, out string) {
		cmd := imagesCmd{release: testRelease, Arch: archs, Out: out, Names: names}
		require.NoError(t, cmd.Run(t.Context(), &cli{Root: root}))
	}
	first, second := t.TempDir(), t.TempDir()
	build(projectRoot(t), first)
	if os.Getenv("ALTIS_SOAK") != "" {
		t.Setenv("GOCACHE", t.TempDir())
	}
	build(copyOfTree(t), second)
	for _, name := range names {
		a, b := readTree(t, filepath.Join(first, name)), readTree(t, filepath.Join(second, name))
		require.Equal(t, a, b, "the layouts of %s differ", name)
		checkLayout(t, filepath.Join(first, name), name, archs)
	}
}

// copyOfTree is the project in another folder: what git would commit, and what was built before the images.
func copyOfTree(t *testing.T) string {
	t.Helper()
	root, copied := projectRoot(t), t.TempDir()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
		"proto", "pkg", "services", "gateway", "deploy")
	list.Dir = root
	files, err := list.Output()
	require.NoError(t, err)
	for file := range strings.SplitSeq(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, file))
		if os.IsNotExist(err) {
			continue // deleted and not committed yet
		}
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(copied, file)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(copied, file), text, 0o600))
	}
	require.NoError(t, os.RemoveAll(filepath.Join(copied, "gateway/web/dist")))
	require.NoError(t, os.CopyFS(filepath.Join(copied, "gateway/web/dist"), os.DirFS(filepath.Join(root, "gateway/web/dist"))))
	require.NoError(t, os.Symlink(filepath.Join(root, "gateway/web/node_modules"), filepath.Join(copied, "gateway/web/node_modules")))
	return copied
}

// readTree returns the files of a folder by name. The names of blobs are their digests.
func readTree(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if name == "index.json" {
			text, err := os.ReadFile(path)
			files = append(files, string(text))
			return err
		}
		files = append(files, name)
		return err
	}))
	return files
}

func checkLayout(t *testing.T, folder, name string, archs []string) {
	t.Helper()
	top, err := layout.ImageIndexFromPath(folder)
	require.NoError(t, err)
	require.NoError(t, validate.Index(top))
	list, err := top.IndexManifest()
	require.NoError(t, err)
	require.Len(t, list.Manifests, 1+len(archs), "the index and a document for each image")
	require.Equal(t, "v1.2.3", list.Manifests[0].Annotations["org.opencontainers.image.ref.name"])
	idx, err := top.ImageIndex(list.Manifests[0].Digest)
	require.NoError(t, err)
	images, err := idx.IndexManifest()
	require.NoError(t, err)
	require.Equal(t, "0123456789abcdef", images.Annotations["org.opencontainers.image.revision"])
	require.Len(t, images.Manifests, len(archs))
	for i, arch := range archs {
		d := images.Manifests[i]
		require.Equal(t, arch, d.Platform.Architecture)
		img, err := idx.Image(d.Digest)
		require.NoError(t, err)
		checkImage(t, img, name, arch)
		sbom, err := top.Image(list.Manifests[1+i].Digest)
		require.NoError(t, err)
		checkSBOM(t, sbom, d.Digest, name)
	}
}

func checkImage(t *testing.T, img v1.Image, name, arch string) {
	t.Helper()
	c, err := img.ConfigFile()
	require.NoError(t, err)
	require.Equal(t, arch, c.Architecture)
	require.Equal(t, "65532:65532", c.Config.User)
	require.Equal(t, []string{"/usr/bin/" + name}, c.Config.Entrypoint)
	require.Equal(t, "/data", c.Config.WorkingDir)
	require.Equal(t, "2023-11-14T22:13:20Z", c.Config.Labels["org.opencontainers.image.created"])
	require.Equal(t, "Apache-2.0", c.Config.Labels["org.opencontainers.image.licenses"])
	folder := t.TempDir()
	require.NoError(t, unpack(img, folder))
	files := map[string]fs.FileMode{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := d.Info()
		require.NoError(t, err)
		files[strings.TrimPrefix(path, folder)] = info.Mode()
		return nil
	}))
	delete(files, "")
	require.Equal(t, map[string]fs.FileMode{
		"/data": fs.ModeDir | 0o750, "/tmp": fs.ModeDir | fs.ModeSticky | 0o777,
		"/etc": fs.ModeDir | 0o755, "/etc/group": 0o644, "/etc/passwd": 0o644,
		"/etc/ssl": fs.ModeDir | 0o755, "/etc/ssl/certs": fs.ModeDir | 0o755, "/etc/ssl/certs/ca-certificates.crt": 0o644,
		"/usr": fs.ModeDir | 0o755, "/usr/bin": fs.ModeDir | 0o755, "/usr/bin/" + name: 0o555,
		"/usr/share": fs.ModeDir | 0o755, "/usr/share/doc": fs.ModeDir | 0o755, "/usr/share/doc/licenses.txt": 0o444,
	}, files, "nothing else is in an image, least of all a shell")
	if name == "identityd" && arch == runtime.GOARCH {
		runInside(t, folder)
	}
}

func checkSBOM(t *testing.T, artifact v1.Image, subject v1.Hash, name string) {
	t.Helper()
	m, err := artifact.Manifest()
	require.NoError(t, err)
	require.Equal(t, subject, m.Subject.Digest)
	require.Equal(t, sbomType, m.Config.MediaType)
	layers, err := artifact.Layers()
	require.NoError(t, err)
	require.Len(t, layers, 1)
	text, err := layers[0].Uncompressed()
	require.NoError(t, err)
	var bom cdx.BOM
	require.NoError(t, cdx.NewBOMDecoder(text, cdx.BOMFileFormatJSON).Decode(&bom))
	require.NoError(t, text.Close())
	require.Equal(t, name, bom.Metadata.Component.Name)
	found := map[string]bool{}
	for _, c := range *bom.Components {
		require.NotNil(t, c.Licenses, "the licence of %s is not known", c.Name)
		require.NotEmpty(t, c.Version)
		found[c.Name] = true
	}
	require.True(t, found["std"])
	require.True(t, found["google.golang.org/grpc"])
	require.Equal(t, name == "gatewayd" || name == "standalone", found["react"], "the dashboard")
}

// inside is a command of the image with its files as all that there is, as the user that the image names.
func inside(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/usr/bin/identityd", args...)
	cmd.Dir = "/data"
	cmd.Env = []string{"ALTIS_IDENTITY_DATABASE=sqlite:/data/identity.db"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: folder}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		return cmd
	}
	cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
	cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
	cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	return cmd
}

func runInside(t *testing.T, folder string) {
	t.Helper()
	out, err := inside(t, folder, "migrate").CombinedOutput()
	require.NoError(t, err, string(out))

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	server := inside(t, folder, "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	log, err := server.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	stopped := context.AfterFunc(ctx, func() { _ = server.Process.Signal(syscall.SIGTERM) })
	defer stopped()
	var serving struct{ Msg, Admin string }
	var said bytes.Buffer
	lines := bufio.NewScanner(io.TeeReader(log, &said))
	for serving.Msg != "serving" && lines.Scan() {
		_ = json.Unmarshal(lines.Bytes(), &serving)
	}
	require.Equal(t, "serving", serving.Msg, said.String())
	out, err = inside(t, folder, "ready", "--admin", serving.Admin).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, get(t, "http://"+serving.Admin+"/metrics"), `service_version="v1.2.3"`)
	stop()
	_, err = io.Copy(&said, log)
	require.NoError(t, err)
	require.NoError(t, server.Wait(), said.String())
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return string(text)
}
