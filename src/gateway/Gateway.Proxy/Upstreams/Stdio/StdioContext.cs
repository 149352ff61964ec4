using Gateway.Control.Memory;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>What all programs of one server share.</summary>
internal sealed record StdioContext(
    StdioUpstreamOptions Options, StdioMetrics Metrics, TimeProvider Time, MemoryBudget Memory, ILogger Logger);
