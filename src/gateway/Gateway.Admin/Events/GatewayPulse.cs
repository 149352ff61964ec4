using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Updating;

namespace Gateway.Admin.Events;

/// <summary>What of this process moves without a change of a document.</summary>
internal sealed class GatewayPulse(ServerHealth servers, Readiness readiness, AuditLog audit)
{
    /// <summary>Records so far: another number means that something was decided.</summary>
    public long Written => audit.Written;

    /// <summary>Another number where a server, or this gateway, stands otherwise than before.</summary>
    public int Health(ControlState state)
    {
        var hash = new HashCode();
        hash.Add(readiness.Problem is null);
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
