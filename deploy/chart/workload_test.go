package chart_test

import (
	"slices"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// TestSelectorsFindTheirPods: an API server alone would tell that a selector does not fit its template.
func TestSelectorsFindTheirPods(t *testing.T) {
	for _, set := range sets() {
		all := objects(t, valuesOf(t, set))
		pods := map[string]*corev1.PodTemplateSpec{}
		selectors := map[string]*metav1.LabelSelector{}
		for _, d := range of[*appsv1.Deployment](all) {
			pods[d.Name], selectors["Deployment "+d.Name] = &d.Spec.Template, d.Spec.Selector
		}
		for _, s := range of[*appsv1.StatefulSet](all) {
			pods[s.Name], selectors["StatefulSet "+s.Name] = &s.Spec.Template, s.Spec.Selector
			require.NotNil(t, named[*corev1.Service](t, all, s.Spec.ServiceName))
		}
		for _, b := range of[*policyv1.PodDisruptionBudget](all) {
			selectors["PodDisruptionBudget "+b.Name] = b.Spec.Selector
		}
		for _, s := range of[*corev1.Service](all) {
			selectors["Service "+s.Name] = &metav1.LabelSelector{MatchLabels: s.Spec.Selector}
		}
		for what, selector := range selectors {
			s, err := metav1.LabelSelectorAsSelector(selector)
			require.NoError(t, err)
			var found []string
			for name, pod := range pods {
				if s.Matches(labels.Set(pod.Labels)) {
					found = append(found, name)
				}
			}
			require.Len(t, found, 1, what)
		}
		for _, s := range of[*corev1.Service](all) {
			for name, pod := range pods {
				if !labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(pod.Labels)) {
					continue
				}
				for _, p := range s.Spec.Ports {
					require.True(t, slices.ContainsFunc(pod.Spec.Containers[0].Ports, func(c corev1.ContainerPort) bool {
						return c.Name == p.TargetPort.StrVal && len(c.Name) <= 15
					}), "%s serves no %s", name, p.TargetPort.StrVal)
				}
			}
		}
	}
}

// TestMountsHaveVolumes: and each volume is mounted.
func TestMountsHaveVolumes(t *testing.T) {
	for _, set := range sets() {
		for _, object := range objects(t, valuesOf(t, set)) {
			pod := podOf(object)
			if pod == nil {
				continue
			}
			var volumes, mounts []string
			for _, v := range pod.Spec.Volumes {
				volumes = append(volumes, v.Name)
			}
			if s, ok := object.(*appsv1.StatefulSet); ok {
				volumes = append(volumes, s.Spec.VolumeClaimTemplates[0].Name)
			}
			for _, m := range pod.Spec.Containers[0].VolumeMounts {
				mounts = append(mounts, m.Name)
				require.Empty(t, m.SubPath, "what is mounted by a subPath never changes")
			}
			require.ElementsMatch(t, volumes, mounts)
		}
	}
}

func TestTheEndOfAPod(t *testing.T) {
	for _, set := range sets() {
		for _, object := range objects(t, valuesOf(t, set)) {
			pod := podOf(object)
			if _, job := object.(*batchv1.Job); pod == nil || job {
				continue
			}
			c := pod.Spec.Containers[0]
			// Ten seconds for calls and 25 for the rest, both in pkg.
			require.GreaterOrEqual(t, *pod.Spec.TerminationGracePeriodSeconds, c.Lifecycle.PreStop.Sleep.Seconds+10+25)
			for _, probe := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
				require.Equal(t, "admin", probe.HTTPGet.Port.StrVal)
				require.Positive(t, probe.TimeoutSeconds)
			}
			require.Equal(t, "/readyz", c.ReadinessProbe.HTTPGet.Path)
			require.Equal(t, "/livez", c.LivenessProbe.HTTPGet.Path)
		}
	}
}

func TestServicesCanBeLeftOut(t *testing.T) {
	all := objects(t, valuesOf(t, minimal, "services.triage.enabled", false, "peers", values{"triage": "triage.example.com:9000"}))
	for _, d := range of[*appsv1.Deployment](all) {
		require.NotContains(t, d.Name, "triage")
	}
	gateway := named[*appsv1.Deployment](t, all, "rel-altis-support-gateway")
	require.Equal(t, "triage.example.com:9000", environment(gateway.Spec.Template.Spec.Containers[0])["ALTIS_GATEWAY_TRIAGE"])
	require.Len(t, of[*batchv1.Job](all), 3)

	// The mailbox alone, as it stands in another cluster.
	only := values{
		"image": values{"registry": "registry.example.com/altis"}, "tls": values{"issuerRef": values{"name": "altis-ca"}},
		"urls":             values{"dashboard": "https://support.example.com", "emergency": "https://sos.example.com"},
		"emergencyAddress": "sos@sos.example.com", "peers": values{"notification": "notification.example.com:9000"},
		"services": values{"emergency": values{"enabled": true, "secretSettings": values{"fallback-contact": values{"name": "a", "key": "b"}}}},
	}
	for _, name := range []string{"identity", "ticket", "triage", "notification", "gateway"} {
		only["services"].(values)[name] = values{"enabled": false}
	}
	all = objects(t, only)
	require.Empty(t, of[*appsv1.Deployment](all))
	require.Empty(t, of[*batchv1.Job](all))
	mailbox := of[*appsv1.StatefulSet](all)[0]
	require.Equal(t, int32(1), *mailbox.Spec.Replicas)
	require.NotContains(t, environment(mailbox.Spec.Template.Spec.Containers[0]), "ALTIS_EMERGENCY_TICKET", "it works without")
}

func TestAServiceSaysOtherThanTheDefaults(t *testing.T) {
	v := valuesOf(t, minimal, "defaults.replicas", 3, "defaults.preStopSeconds", 9, "services.ticket.replicas", 1, "services.ticket.securityContext.readOnlyRootFilesystem", false)
	all := objects(t, v)
	ticket := named[*appsv1.Deployment](t, all, "rel-altis-support-ticket")
	require.Equal(t, int32(1), *ticket.Spec.Replicas)
	require.False(t, *ticket.Spec.Template.Spec.Containers[0].SecurityContext.ReadOnlyRootFilesystem, "false is a value")
	require.False(t, *ticket.Spec.Template.Spec.Containers[0].SecurityContext.AllowPrivilegeEscalation, "what it does not say stays")
	require.Equal(t, int64(9), ticket.Spec.Template.Spec.Containers[0].Lifecycle.PreStop.Sleep.Seconds)
	require.Equal(t, int32(3), *named[*appsv1.Deployment](t, all, "rel-altis-support-triage").Spec.Replicas)

	var budgets []string
	for _, b := range of[*policyv1.PodDisruptionBudget](all) {
		budgets = append(budgets, b.Name)
	}
	require.NotContains(t, budgets, "rel-altis-support-ticket", "one pod with a budget could never be moved")
	require.Len(t, budgets, 4)
}

func TestAutoscalingOwnsTheReplicas(t *testing.T) {
	all := objects(t, valuesOf(t, production))
	gateway := named[*appsv1.Deployment](t, all, "rel-altis-support-gateway")
	require.Nil(t, gateway.Spec.Replicas, "an upgrade must not undo what the autoscaler did")
	require.Equal(t, int32(12), named[*autoscalingv2.HorizontalPodAutoscaler](t, all, gateway.Name).Spec.MaxReplicas)
	require.NotNil(t, named[*policyv1.PodDisruptionBudget](t, all, gateway.Name))
}

func TestWhoMigrates(t *testing.T) {
	secret := func(service string, over ...any) string {
		job := named[*batchv1.Job](t, objects(t, valuesOf(t, minimal, over...)), "rel-altis-support-migrate-"+service)
		return job.Spec.Template.Spec.Containers[0].Env[0].ValueFrom.SecretKeyRef.Name
	}
	require.Equal(t, "altis-db-app", secret("ticket"))
	owner := []any{"postgres", values{"existingSecret": "altis-db-app", "migrationSecret": "owner"}}
	require.Equal(t, "owner", secret("ticket", owner...))
	own := append(owner, "services.ticket.database", values{"existingSecret": "ticket-db"})
	require.Equal(t, "ticket-db", secret("ticket", own...), "the owner of another database")
	require.Equal(t, "owner", secret("triage", own...))
	own = append(owner, "services.ticket.database", values{"existingSecret": "ticket-db", "migrationSecret": "ticket-owner"})
	require.Equal(t, "ticket-owner", secret("ticket", own...))
}

// TestMigrationsNeedNothingOfTheRelease: as hooks they come before it, and else nothing must wait for them.
func TestMigrationsNeedNothingOfTheRelease(t *testing.T) {
	for _, hook := range []bool{true, false} {
		all := objects(t, valuesOf(t, minimal, "migrations", values{"hook": hook}))
		jobs := of[*batchv1.Job](all)
		require.Len(t, jobs, 4)
		for _, job := range jobs {
			require.Equal(t, hook, job.Annotations["helm.sh/hook"] == "pre-install,pre-upgrade")
			require.Empty(t, job.Spec.Template.Spec.ServiceAccountName)
			require.Empty(t, job.Spec.Template.Spec.Volumes, "certificates are of the release")
			require.Equal(t, []string{"migrate"}, job.Spec.Template.Spec.Containers[0].Args)
			require.Len(t, job.Spec.Template.Spec.Containers[0].Env, 2)
		}
		for _, object := range all {
			if pod := podOf(object); pod != nil {
				require.Empty(t, pod.Spec.InitContainers, "nothing waits for a Job")
			}
		}
	}
	name := func(over ...any) string {
		all := objects(t, valuesOf(t, minimal, append([]any{"migrations", values{"hook": false}}, over...)...))
		return of[*batchv1.Job](all)[0].Name
	}
	first := name()
	require.Equal(t, first, name())
	for _, over := range [][]any{{"image.tag", "1.1.0"}, {"commonLabels", values{"team": "desk"}}, {"migrations.backoffLimit", 1}} {
		require.NotEqual(t, first, name(over...), "a Job cannot change: %s", over[0])
	}
}

func TestCertificatesNameTheService(t *testing.T) {
	all := objects(t, valuesOf(t, production))
	certificates := of[*certmanagerv1.Certificate](all)
	require.Len(t, certificates, 5)
	c := named[*certmanagerv1.Certificate](t, all, "rel-altis-support-notification")
	require.Equal(t, []string{"spiffe://altis-support/notification"}, c.Spec.URIs)
	require.Subset(t, c.Spec.DNSNames, []string{
		"rel-altis-support-notification-headless.desk.svc.cluster.local", "rel-altis-support-notification.desk.svc", "notification-grpc.example.com",
	})
	ticket := environment(named[*appsv1.Deployment](t, all, "rel-altis-support-ticket").Spec.Template.Spec.Containers[0])
	require.Equal(t, "dns:///rel-altis-support-notification-headless.desk.svc.cluster.local:9000", ticket["ALTIS_TICKET_NOTIFICATION"], "by a name of the certificate")
	require.Equal(t, "sos-grpc.example.com:9000", ticket["ALTIS_TICKET_EMERGENCY"])

	all = objects(t, valuesOf(t, minimal, "tls", values{"certManager": false}, "services.ticket.tlsSecret", "own"))
	require.Empty(t, of[*certmanagerv1.Certificate](all))
	secret := func(name string) string {
		for _, v := range named[*appsv1.Deployment](t, all, name).Spec.Template.Spec.Volumes {
			if v.Name == "tls" {
				return v.Secret.SecretName
			}
		}
		return ""
	}
	require.Equal(t, "own", secret("rel-altis-support-ticket"))
	require.Equal(t, "rel-altis-support-triage-tls", secret("rel-altis-support-triage"))
}

func TestRoutesLeadToServices(t *testing.T) {
	all := objects(t, valuesOf(t, everything))
	ports := map[string][]int32{}
	for _, s := range of[*corev1.Service](all) {
		for _, p := range s.Spec.Ports {
			ports[s.Name] = append(ports[s.Name], p.Port)
		}
	}
	hosts := map[string]string{}
	for _, r := range of[*gatewayv1.HTTPRoute](all) {
		backend := r.Spec.Rules[0].BackendRefs[0]
		require.Contains(t, ports[string(backend.Name)], *backend.Port)
		hosts[string(r.Spec.Hostnames[0])] = string(backend.Name)
	}
	require.Equal(t, map[string]string{
		"support.example.com": "desk-gateway", "ack.example.com": "desk-notification", "sos.example.com": "desk-emergency",
	}, hosts)
	for _, r := range of[*gatewayv1.GRPCRoute](all) {
		for _, rule := range r.Spec.Rules {
			require.Contains(t, ports[string(rule.BackendRefs[0].Name)], *rule.BackendRefs[0].Port)
		}
	}
	require.Len(t, of[*gatewayv1.BackendTLSPolicy](all), 4, "the services speak TLS only")
}

func TestMemoryLimits(t *testing.T) {
	for limit, want := range map[string]string{"512Mi": "460MiB", "1Gi": "921MiB", "1.5Gi": "", "1000000000": ""} {
		all := objects(t, valuesOf(t, minimal, "defaults.resources", values{"limits": values{"memory": limit}}))
		got := environment(named[*appsv1.Deployment](t, all, "rel-altis-support-ticket").Spec.Template.Spec.Containers[0])["GOMEMLIMIT"]
		require.Equal(t, want, got, limit)
	}
}
