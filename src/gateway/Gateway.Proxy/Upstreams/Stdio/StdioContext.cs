using Gateway.Control.Memory;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The shared context of all programs of one server.</summary>
internal sealed record StdioContext(
    StdioUpstreamOptions Options, StdioMetrics Metrics, TimeProvider Time, MemoryBudget Memory, ILogger Logger);
