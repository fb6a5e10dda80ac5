package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"altis-dxp.com/support/pkg/fault"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// newREST returns the handler that is generated from the protos' http options.
func (g *Gateway) newREST(identity, ticket, triage, notification grpc.ClientConnInterface) (http.Handler, error) {
	nothing := func(string) (string, bool) { return "", false }
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, g.json),
		runtime.WithMiddlewares(probed),
		runtime.WithErrorHandler(g.callFailed),
		runtime.WithRoutingErrorHandler(g.routingFailed),
		// Neither do requests' headers become metadata of calls, nor answers' metadata headers.
		runtime.WithIncomingHeaderMatcher(nothing),
		runtime.WithOutgoingHeaderMatcher(nothing),
		runtime.WithOutgoingTrailerMatcher(nothing),
		// A method is what the request line says.
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
	)
	ctx := context.Background() // not used by clients of existing connections
	err := errors.Join(
		identityv1.RegisterAuthServiceHandlerClient(ctx, mux, identityv1.NewAuthServiceClient(identity)),
		identityv1.RegisterAccountServiceHandlerClient(ctx, mux, identityv1.NewAccountServiceClient(identity)),
		identityv1.RegisterDirectoryServiceHandlerClient(ctx, mux, identityv1.NewDirectoryServiceClient(identity)),
		ticketv1.RegisterTicketServiceHandlerClient(ctx, mux, ticketv1.NewTicketServiceClient(ticket)),
		ticketv1.RegisterViewServiceHandlerClient(ctx, mux, ticketv1.NewViewServiceClient(ticket)),
		ticketv1.RegisterPresenceServiceHandlerClient(ctx, mux, ticketv1.NewPresenceServiceClient(ticket)),
		triagev1.RegisterTriageServiceHandlerClient(ctx, mux, triagev1.NewTriageServiceClient(triage)),
		notificationv1.RegisterPageServiceHandlerClient(ctx, mux, notificationv1.NewPageServiceClient(notification)),
		notificationv1.RegisterOnCallServiceHandlerClient(ctx, mux, notificationv1.NewOnCallServiceClient(notification)),
		notificationv1.RegisterDrillServiceHandlerClient(ctx, mux, notificationv1.NewDrillServiceClient(notification)),
		notificationv1.RegisterCalendarServiceHandlerClient(ctx, mux, notificationv1.NewCalendarServiceClient(notification)),
		notificationv1.RegisterMailServiceHandlerClient(ctx, mux, notificationv1.NewMailServiceClient(notification)),
		notificationv1.RegisterNoticeServiceHandlerClient(ctx, mux, notificationv1.NewNoticeServiceClient(notification)),
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := readBody(w, r)
		if err != nil {
			g.problem(w, r, err)
			return
		}
		if r, err = withIdempotencyKey(r); err != nil {
			g.problem(w, r, err)
			return
		}
		r = withQuery(r)
		ctx, cancel := context.WithTimeout(r.Context(), callTimeout)
		defer cancel()
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r.WithContext(ctx))
	}), err
}

// callFailed answers what a service refused, or what the runtime could not make a message of.
func (g *Gateway) callFailed(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	if probeOf(r) != nil {
		return
	}
	if he, ok := errors.AsType[*runtime.HTTPStatusError](err); ok { // a path with broken percent-encoding
		err = fault.New(fault.Invalid, "REQUEST_INVALID", he.Err.Error())
	}
	if _, restored := errors.AsType[*fault.Error](err); !restored {
		if st, ok := status.FromError(err); ok && st.Code() == codes.InvalidArgument {
			err = diagnose(st.Message(), bodyOf(ctx), bodyField(ctx))
		}
	}
	g.problem(w, r, err)
}

func (g *Gateway) routingFailed(_ context.Context, mux *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	if probeOf(r) != nil {
		return
	}
	if httpStatus == http.StatusMethodNotAllowed {
		g.notAllowed(w, r, allowed(mux, r))
		return
	}
	g.problem(w, r, errNoRoute())
}

type probeKey struct{}

// allowed returns the methods that the path of a request has. The mux knows: it is asked by requests that reach no handler.
func allowed(mux *runtime.ServeMux, r *http.Request) (methods []string) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		found := false
		probe := r.WithContext(context.WithValue(r.Context(), probeKey{}, &found))
		probe.Method = method
		mux.ServeHTTP(nil, probe)
		if found {
			methods = append(methods, method)
		}
	}
	return methods
}

func probeOf(r *http.Request) *bool {
	found, _ := r.Context().Value(probeKey{}).(*bool)
	return found
}

// probed answers the requests of allowed.
func probed(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if found := probeOf(r); found != nil {
			*found = true
			return
		}
		next(w, r, path)
	}
}

type idempotencyKey struct{}

// withIdempotencyKey keeps the header Idempotency-Key for calls whose message has a request_id.
func withIdempotencyKey(r *http.Request) (*http.Request, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return r, nil
	}
	if len(key) > 128 || strings.ContainsFunc(key, func(c rune) bool { return c < 0x20 || c > 0x7e }) {
		return r, fault.InvalidField("request_id", "IDEMPOTENCY_KEY_INVALID", "the header Idempotency-Key must have at most 128 printable ASCII characters")
	}
	return r.WithContext(context.WithValue(r.Context(), idempotencyKey{}, key)), nil
}
