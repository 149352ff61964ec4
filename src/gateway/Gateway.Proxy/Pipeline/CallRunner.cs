using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Pipeline;

/// <summary>The runner that takes a call to its response, and counts it until then.</summary>
internal sealed class CallRunner(CallPipeline pipeline, GatewayMetrics metrics, OpenResumes resumes)
{
    /// <summary>Runs the call; returns false if it ended before the policy could evaluate it.</summary>
    public async Task<bool> RunAsync(CallContext call)
    {
        var series = metrics.Began(call);
        // Before sending: a server may end the stream of the canceled call at once.
        if (call is { Message.Method: McpMethods.Cancelled, Revision: McpRevision.Legacy })
            resumes.Cancel(call);
        else if (call.Message.Kind == McpMessageKind.Request)
            resumes.Begin(call);
        try
        {
            return await pipeline.RunAsync(call);
        }
        catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
        {
            // The agent left before anything was written, so no response is needed.
            return true;
        }
        finally
        {
            metrics.Ended(call, series);
        }
    }

    /// <summary>Counts a refused request that no policy has evaluated.</summary>
    public void Unseen(int status)
    {
        if (status >= 400)
            metrics.RefusedAtTheEdge(status);
    }
}
