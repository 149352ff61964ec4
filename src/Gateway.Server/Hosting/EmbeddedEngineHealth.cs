using Gateway.Limits.Embedded;
using Gateway.Proxy.Health;

namespace Gateway.Server.Hosting;

internal sealed class EmbeddedEngineHealth(EmbeddedLimiter limiter) : IEngineHealth
{
    public string? Fault => limiter.Fault;
}
