package main

import (
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"
)

func TestTheListOfContentsIsFoundByTheImage(t *testing.T) {
	server := httptest.NewServer(registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	p := programs[0]
	var images []image
	for _, arch := range []string{"amd64", "arm64"} {
		layer, err := base(testRelease)
		require.NoError(t, err)
		img, err := configured(p, arch, testRelease, layer)
		require.NoError(t, err)
		sbom, err := referrer(img, []byte(`{"of":"`+arch+`"}`))
		require.NoError(t, err)
		images = append(images, image{image: img, sbom: sbom, arch: arch})
	}
	require.NoError(t, push(t.Context(), host+"/altis", p, testRelease, index(p, testRelease, images), images))

	tag, err := name.NewTag(host + "/altis/identityd:v1.2.3")
	require.NoError(t, err)
	idx, err := remote.Index(tag)
	require.NoError(t, err)
	list, err := idx.IndexManifest()
	require.NoError(t, err)
	require.Len(t, list.Manifests, 2)
	for i, of := range []string{`{"of":"amd64"}`, `{"of":"arm64"}`} {
		found, err := remote.Referrers(tag.Digest(list.Manifests[i].Digest.String()))
		require.NoError(t, err)
		referrers, err := found.IndexManifest()
		require.NoError(t, err)
		require.Len(t, referrers.Manifests, 1)
		require.Equal(t, string(sbomType), referrers.Manifests[0].ArtifactType)
		artifact, err := remote.Image(tag.Digest(referrers.Manifests[0].Digest.String()))
		require.NoError(t, err)
		layers, err := artifact.Layers()
		require.NoError(t, err)
		body, err := layers[0].Compressed()
		require.NoError(t, err)
		text, err := io.ReadAll(body)
		require.NoError(t, err)
		require.Equal(t, of, string(text))
	}
}

func TestNoImageWithoutItsDashboard(t *testing.T) {
	root := t.TempDir()
	gateway, err := choose([]string{"ticketd", "gatewayd"})
	require.NoError(t, err)
	require.ErrorContains(t, checkDashboard(root, gateway), "make web")
	require.ErrorContains(t, (&imagesCmd{release: testRelease, Names: []string{"standalone"}}).Run(t.Context(), &cli{Root: root}), "make web")
	require.NoError(t, checkDashboard(root, gateway[:1]))
	require.NoError(t, os.MkdirAll(filepath.Join(root, "gateway/web/dist"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "gateway/web/dist/index.html"), nil, 0o600))
	require.NoError(t, checkDashboard(root, gateway))
	_, err = choose([]string{"ticket"})
	require.ErrorContains(t, err, `no image of "ticket"`)
}

// The Dockerfile makes the same images, from the same trees.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../../deploy/images/Dockerfile")
	require.NoError(t, err)
	stages := map[string][]string{}
	var stage string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "FROM "); ok {
			_, stage, ok = strings.Cut(rest, " AS ")
			require.True(t, ok, line)
			line = strings.TrimSuffix(rest, " AS "+stage)
		}
		if line != "" && !strings.HasPrefix(line, "#") {
			stages[stage] = append(stages[stage], line)
		}
	}
	delete(stages, "")
	require.Contains(t, stages, "dashboard")
	require.Contains(t, stages, "build")
	require.Equal(t, []string{"scratch", "USER 65532:65532", "ENV PATH=/usr/bin"}, stages["empty"])
	for _, p := range programs {
		want := []string{"empty", "COPY --from=build /trees/" + p.name + " /", "WORKDIR /data", `ENTRYPOINT ["/usr/bin/` + p.name + `"]`}
		if len(p.ports) > 0 {
			want = append(want, "EXPOSE "+strings.Join(p.ports, " "))
		}
		require.Equal(t, want, stages[p.name], p.name)
		delete(stages, p.name)
	}
	require.Len(t, stages, 3, "an image of no program")
}
