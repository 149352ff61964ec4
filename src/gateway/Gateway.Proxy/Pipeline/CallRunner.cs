using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Pipeline;

/// <summary>The runner that takes a call to its response, and counts it until then.</summary>
internal sealed class CallRunner(
    CallPipeline pipeline, GatewayMetrics metrics, OpenResumes resumes, ILongCalls longCalls)
{
    /// <summary>Runs the call; returns false if it ended before the policy could evaluate it.</summary>
    public Task<bool> RunAsync(CallContext call) => call.Server.Tasks is not null && longCalls.After(call) is { } after
        ? longCalls.RunAsync(call, after, RunToEndAsync) : RunToEndAsync(call);

    private async Task<bool> RunToEndAsync(CallContext call)
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

/// <summary>The calls that become tasks of the gateway once their server takes long.</summary>
internal interface ILongCalls
{
    /// <summary>Returns the time after which a call becomes a task; null if it never does.</summary>
    TimeSpan? After(CallContext call);

    /// <summary>Runs a call to its response, or until it has become a task.</summary>
    /// <param name="outer">The call of the connected client.</param>
    /// <param name="after">The time after which it becomes a task.</param>
    /// <param name="run">Runs the call in its place, which may outlive the client's request.</param>
    /// <returns>False if it ended before the policy could evaluate it.</returns>
    Task<bool> RunAsync(CallContext outer, TimeSpan after, Func<CallContext, Task<bool>> run);
}
