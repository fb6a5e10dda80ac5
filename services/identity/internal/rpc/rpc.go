// Package rpc serves identity's gRPC services: it translates between the protocol and the rules.
package rpc

import (
	"context"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// Changes is where the directory's changes are read.
type Changes interface {
	// Changes returns the newest change per thing with a version above after, at most limit, and whether there are more.
	Changes(ctx context.Context, after int64, limit int) (changes []*eventv1.DirectoryEvent, more bool, err error)
}

// Register adds the services to a server.
func Register(r grpc.ServiceRegistrar, identity *domain.Identity, changes Changes) {
	identityv1.RegisterAuthServiceServer(r, &authServer{identity: identity})
	identityv1.RegisterAccountServiceServer(r, &accountServer{identity: identity})
	identityv1.RegisterDirectoryServiceServer(r, &directoryServer{identity: identity, changes: changes})
}

// caller is the person of the access token. The policies of the methods that ask let nobody pass without one.
func caller(ctx context.Context) domain.Caller {
	u := auth.FromContext(ctx).User
	if u == nil {
		return domain.Caller{}
	}
	return domain.Caller{
		Person: u.ID, Staff: u.Staff, Organization: u.Organization, Role: domain.Role(u.Role), Credential: u.SessionID,
	}
}
