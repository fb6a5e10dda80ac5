package chart_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// calls are whom each service calls.
var calls = map[string][]string{
	"identity":     {"ticket", "triage", "notification"},
	"ticket":       {"identity", "triage", "notification", "emergency"},
	"triage":       {"identity", "ticket"},
	"notification": {"identity", "ticket", "emergency"},
	"gateway":      {"identity", "ticket", "triage", "notification"},
	"emergency":    {"notification", "ticket"},
}

func component(peer networkingv1.NetworkPolicyPeer) string {
	if peer.PodSelector == nil || peer.NamespaceSelector != nil {
		return ""
	}
	return peer.PodSelector.MatchLabels["app.kubernetes.io/component"]
}

func has(ports []networkingv1.NetworkPolicyPort, port int) bool {
	return slices.ContainsFunc(ports, func(p networkingv1.NetworkPolicyPort) bool { return p.Port.IntValue() == port })
}

func TestWhoMayCallWhom(t *testing.T) {
	all := objects(t, valuesOf(t, everything, "grpcRoute.enabled", false))
	for caller, callees := range calls {
		out := named[*networkingv1.NetworkPolicy](t, all, "desk-"+caller)
		var allowed []string
		for _, rule := range out.Spec.Egress {
			if has(rule.Ports, 9000) {
				for _, peer := range rule.To {
					if c := component(peer); c != "" {
						allowed = append(allowed, c)
					}
				}
			}
		}
		require.ElementsMatch(t, callees, allowed, "what %s calls", caller)
		for callee := range calls {
			in := named[*networkingv1.NetworkPolicy](t, all, "desk-"+callee)
			open := slices.ContainsFunc(in.Spec.Ingress, func(rule networkingv1.NetworkPolicyIngressRule) bool {
				return has(rule.Ports, 9000) && slices.ContainsFunc(rule.From, func(p networkingv1.NetworkPolicyPeer) bool { return component(p) == caller })
			})
			require.Equal(t, slices.Contains(callees, callee), open, "%s to %s", caller, callee)
		}
	}
}

func TestNothingElseIsOpen(t *testing.T) {
	for _, set := range sets() {
		all := objects(t, valuesOf(t, set))
		policies := of[*networkingv1.NetworkPolicy](all)
		deny := policies[slices.IndexFunc(policies, func(p *networkingv1.NetworkPolicy) bool { return strings.HasSuffix(p.Name, "-default-deny") })]
		require.Empty(t, deny.Spec.Ingress)
		require.Empty(t, deny.Spec.Egress)
		require.Len(t, deny.Spec.PolicyTypes, 2)
		require.NotContains(t, deny.Spec.PodSelector.MatchLabels, "app.kubernetes.io/component", "it is for all pods")
		for _, p := range policies {
			for _, rule := range p.Spec.Ingress {
				require.NotEmpty(t, rule.Ports, p.Name)
				if has(rule.Ports, 9090) || has(rule.Ports, 9000) && set != everything {
					require.NotEmpty(t, rule.From, "%s is open to everybody on %v", p.Name, rule.Ports)
				}
			}
			for _, rule := range p.Spec.Egress {
				require.NotEmpty(t, rule.Ports, p.Name)
			}
		}
	}
	require.Empty(t, of[*networkingv1.NetworkPolicy](objects(t, valuesOf(t, minimal, "networkPolicy", values{"enabled": false}))))
}

// reaches tells whether a service may reach a port anywhere but at its peers.
func reaches(t *testing.T, all []runtime.Object, service string, port int) bool {
	t.Helper()
	p := named[*networkingv1.NetworkPolicy](t, all, "rel-altis-support-"+service)
	return slices.ContainsFunc(p.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		return has(rule.Ports, port) && !slices.ContainsFunc(rule.To, func(peer networkingv1.NetworkPolicyPeer) bool { return component(peer) != "" })
	})
}

func TestWhatLeaves(t *testing.T) {
	least, much := objects(t, valuesOf(t, minimal)), objects(t, valuesOf(t, production))
	for _, service := range []string{"identity", "ticket", "triage", "notification", "gateway"} {
		require.True(t, reaches(t, least, service, 53), "%s asks DNS", service)
		require.Equal(t, service != "gateway", reaches(t, least, service, 5432), "%s and the database", service)
		require.Equal(t, service == "notification", reaches(t, least, service, 587), "%s and mail", service)
		require.Equal(t, service == "notification" || service == "ticket", reaches(t, least, service, 443), "%s and webhooks or files", service)
		require.False(t, reaches(t, least, service, 6379), "there is no Redis")
		require.False(t, reaches(t, least, service, 4317), "there is no collector")
		require.True(t, reaches(t, much, service, 26379), "%s asks the sentinels", service)
		require.True(t, reaches(t, much, service, 4317), "%s and the collector", service)
		require.Equal(t, service == "notification" || service == "ticket", reaches(t, much, service, 9000), "%s and the mailbox elsewhere", service)
	}
	require.True(t, reaches(t, least, "migrate", 5432))
	require.False(t, reaches(t, least, "migrate", 443))
}
