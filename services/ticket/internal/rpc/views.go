package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// ListViews implements ticketv1.ViewServiceServer.
func (s *Server) ListViews(ctx context.Context, req *ticketv1.ListViewsRequest) (*ticketv1.ListViewsResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	views, next, err := cursor.Page(req, "views", defaultPage, maxPage,
		func(after store.ViewPosition, n int) ([]domain.SavedView, error) {
			return s.Store.Views(ctx, c.ID, after, n)
		},
		func(v domain.SavedView) store.ViewPosition { return store.ViewPosition{Position: v.Position, ID: v.ID} })
	if err != nil {
		return nil, err
	}
	res := &ticketv1.ListViewsResponse{NextPageToken: next}
	for _, v := range views {
		res.Views = append(res.Views, savedView(v))
	}
	return res, nil
}

// CreateView implements ticketv1.ViewServiceServer.
func (s *Server) CreateView(ctx context.Context, req *ticketv1.CreateViewRequest) (*ticketv1.View, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	v, err := s.readView(req.GetView(), domain.ViewFields)
	if err != nil {
		return nil, err
	}
	r, err := request(c, "CreateView", req)
	if err != nil {
		return nil, err
	}
	if v, err = s.Views.Create(ctx, c, v, r); err != nil {
		return nil, err
	}
	return savedView(v), nil
}

// UpdateView implements ticketv1.ViewServiceServer.
func (s *Server) UpdateView(ctx context.Context, req *ticketv1.UpdateViewRequest) (*ticketv1.View, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	var fields []string
	for _, path := range req.GetUpdateMask().GetPaths() {
		switch path {
		case "id": // says which view is meant
		case "orderBy":
			fields = append(fields, "order_by")
		default:
			fields = append(fields, path)
		}
	}
	v, err := s.readView(req.GetView(), fields)
	if err != nil {
		return nil, err
	}
	if v, err = s.Views.Update(ctx, c, v, fields); err != nil {
		return nil, err
	}
	return savedView(v), nil
}

// DeleteView implements ticketv1.ViewServiceServer.
func (s *Server) DeleteView(ctx context.Context, req *ticketv1.DeleteViewRequest) (*emptypb.Empty, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Views.Delete(ctx, c, req.GetView()); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

// readView reads a view whose filter and order lists understand, as far as they are
// among the fields.
func (s *Server) readView(v *ticketv1.View, fields []string) (domain.SavedView, error) {
	var offending []fault.Field
	for _, field := range fields {
		switch field {
		case "filter":
			_, issues, err := query.Parse(v.GetFilter(), query.Options{Now: s.Now(), Staff: true})
			if err != nil {
				offending = append(offending, fault.Field{Path: "view.filter", Reason: fault.ReasonOf(err), Description: err.Error()})
			}
			runes := []rune(v.GetFilter())
			for _, i := range issues {
				offending = append(offending, fault.Field{
					Path: "view.filter", Reason: i.Reason, Description: "is not understood: " + string(runes[i.Offset:i.Offset+i.Length]),
				})
			}
		case "order_by":
			if _, err := order(v.GetOrderBy()); err != nil {
				offending = append(offending, fault.Field{Path: "view.order_by", Reason: "INVALID_ORDER", Description: "is no order of lists"})
			}
		}
	}
	return domain.SavedView{
		ID: v.GetId(), Name: v.GetName(), Filter: v.GetFilter(), OrderBy: v.GetOrderBy(), Shared: v.GetShared(), Position: int64(v.GetPosition()),
	}, fault.InvalidFields(offending)
}

func savedView(v domain.SavedView) *ticketv1.View {
	return &ticketv1.View{
		Id: v.ID, Name: v.Name, Filter: v.Filter, OrderBy: v.OrderBy, Shared: v.Shared, Position: int32(v.Position),
		Owner: wire.Person(v.Owner), CreateTime: wire.Time(v.CreateTime), UpdateTime: wire.Time(v.UpdateTime),
	}
}
