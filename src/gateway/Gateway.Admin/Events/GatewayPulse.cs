using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Updating;

namespace Gateway.Admin.Events;

/// <summary>The state of this process that changes without a change of a document.</summary>
internal sealed class GatewayPulse(ServerHealth servers, Readiness readiness, AuditLog audit)
{
    /// <summary>The number of records so far. A different number means that something was decided.</summary>
    public long Written => audit.Written;

    /// <summary>Returns a hash that changes with the health of a server or of this gateway.</summary>
    public int Health(ControlState state)
    {
        var hash = new HashCode();
        hash.Add(readiness.Problem is null);
        hash.Add(readiness.ServesLastKnown);
        hash.Add(audit.IsHealthy);
        foreach (var server in state.Objects.Servers.Values)
        {
            var standing = servers.Of(server);
            hash.Add(server.Name);
            hash.Add(standing?.SinceMs);
            hash.Add(standing?.Fault);
        }

        return hash.ToHashCode();
    }
}
