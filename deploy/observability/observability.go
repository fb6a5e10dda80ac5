// Package observability holds what an installation is watched with: alerts for Prometheus and dashboards for Grafana. It is
// a module of its own, so that the services need nothing of what tests it.
package observability
