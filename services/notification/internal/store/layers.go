package store

import (
	"encoding/json"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// layerDocument is a layer as JSON.
type layerDocument struct {
	Name         string                `json:"name,omitempty"`
	Unit         oncall.Unit           `json:"unit"`
	Length       int                   `json:"length"`
	Start        time.Time             `json:"start,omitzero"`    // on the wall
	StartAt      int64                 `json:"start_at,omitzero"` // instead of Start, an instant: was a rotation before there were layers
	End          time.Time             `json:"end,omitzero"`      // on the wall
	People       []string              `json:"people"`
	Restrictions []restrictionDocument `json:"restrictions,omitempty"`
}

type restrictionDocument struct {
	Weekdays []time.Weekday `json:"weekdays,omitempty"`
	From     time.Duration  `json:"from"`
	Until    time.Duration  `json:"until"`
}

func readLayers(text string, zone *time.Location) (layers []oncall.Layer, err error) {
	var documents []layerDocument
	if err := json.Unmarshal([]byte(text), &documents); err != nil {
		return nil, err
	}
	for _, d := range documents {
		l := oncall.Layer{Name: d.Name, Unit: d.Unit, Length: d.Length, Start: d.Start, End: d.End, People: d.People}
		if d.StartAt != 0 {
			l.Start = oncall.Wall(sqldb.Time(d.StartAt).In(zone))
		}
		for _, r := range d.Restrictions {
			l.Restrictions = append(l.Restrictions, oncall.Restriction(r))
		}
		layers = append(layers, l)
	}
	return layers, nil
}

func layersText(layers []oncall.Layer) string {
	documents := make([]layerDocument, len(layers))
	for i, l := range layers {
		documents[i] = layerDocument{Name: l.Name, Unit: l.Unit, Length: l.Length, Start: l.Start, End: l.End, People: l.People}
		for _, r := range l.Restrictions {
			documents[i].Restrictions = append(documents[i].Restrictions, restrictionDocument(r))
		}
	}
	return toJSON(documents)
}
