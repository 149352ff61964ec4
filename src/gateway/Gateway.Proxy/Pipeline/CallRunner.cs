using Gateway.Proxy.Calls;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Pipeline;

/// <summary>Runs a call to its answer, and counts it while it runs.</summary>
internal sealed class CallRunner(CallPipeline pipeline, GatewayMetrics metrics)
{
    /// <summary>False where it was answered before any policy could see it.</summary>
    public async Task<bool> RunAsync(CallContext call)
    {
        var series = metrics.Began(call);
        try
        {
            await pipeline.RunAsync(call);
            return call.IsDecided;
        }
        catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
        {
            // The agent left before anything was written; there is nobody to answer.
            return true;
        }
        finally
        {
            metrics.Ended(call, series);
        }
    }

    /// <summary>Counts a request that no policy has seen, where it was refused.</summary>
    public void Unseen(int status)
    {
        if (status >= 400)
            metrics.RefusedAtTheEdge(status);
    }
}
