package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// testParkedTask gives a task that can never succeed to notification, sees it
// parked on the administration port, and gives it back there.
func testParkedTask(t *testing.T, w *harness.World) {
	conn, err := pgx.Connect(t.Context(), w.DSN)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `
INSERT INTO notification.tasks (id, kind, lane, key, payload, trace, run_at, attempt, fence, owner, created_at)
VALUES ('hopeless', 'mail.send', 1, 'no mail', '{"delivery":"ostrich"}', '', notification.altis_now(), 0, 0, '', notification.altis_now())`)
	require.NoError(t, err)
	defer func() {
		_, err := conn.Exec(t.Context(), `DELETE FROM notification.tasks WHERE id = 'hopeless'`)
		require.NoError(t, err)
	}()

	base := "http://" + w.Processes[harness.Notification].Admin + "/tasks/parked"
	parkedAt := func() (at string) {
		status, body := adminCall(t, http.MethodGet, base)
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, body, "ostrich", "what people wrote is not shown")
		var list struct {
			Tasks []struct {
				ID, Service, Kind, Key, Error string
				ParkedAt                      string `json:"parked_at"`
			}
		}
		require.NoError(t, json.Unmarshal([]byte(body), &list))
		for _, task := range list.Tasks {
			if task.ID == "hopeless" {
				require.Equal(t, []string{"notification", "mail.send", "no mail"}, []string{task.Service, task.Kind, task.Key})
				require.NotEmpty(t, task.Error)
				at = task.ParkedAt
			}
		}
		return at
	}
	var first string
	testkit.Eventually(t, func() bool { first = parkedAt(); return first != "" }, "it is parked")
	status, _ := adminCall(t, http.MethodPost, base+"/hopeless:unpark")
	require.Equal(t, http.StatusNoContent, status)
	testkit.Eventually(t, func() bool { at := parkedAt(); return at != "" && at != first }, "it is tried again, and parked again")
	status, _ = adminCall(t, http.MethodPost, base+"/unknown:unpark")
	require.Equal(t, http.StatusNotFound, status)
}

func adminCall(t *testing.T, method, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // a kept connection would outlive the test
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}
