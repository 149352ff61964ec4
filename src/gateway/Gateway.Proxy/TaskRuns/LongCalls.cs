using Gateway.Control.Documents;
using Gateway.Control.Memory;
using Gateway.Limits.Model;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// The calls that become tasks of the gateway once their server takes long. The call itself goes on: its request to the
/// server stays open, and the task receives the response.
/// </summary>
internal sealed class LongCalls(
    ApprovalRepository book, ApprovalTasks tasks, StandingUses standing, MemoryBudget memory, IServiceProvider services,
    ProcessClock clock, TimeProvider time) : ILongCalls
{
    /// <summary>The tasks as their clients see them.</summary>
    public ApprovalTasks Tasks => tasks;

    /// <summary>Receives each call that has become a task.</summary>
    public Action<LongCall>? Detached { get; set; }

    /// <inheritdoc/>
    public TimeSpan? After(CallContext call) =>
        call.Server.Tasks is { } terms && terms.AfterOf(call.Message.Name) is { } seconds && ApprovalTasks.Offers(call)
        && call is { Listed: null, IsMergedStream: false } && Detached is not null
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CallContext outer, TimeSpan after, Func<CallContext, Task<bool>> run)
    {
        var end = new CancellationTokenSource();
        var response = new LongResponse(outer.Http, memory, outer.Grant.State.Memory, end);
        var call = Inner(outer, response);
        var running = RunAsync(call, run);
        var isTask = false;
        var left = Follow(outer.Http, end);
        try
        {
            while (!await EndsWithinAsync(running, after) && !outer.Http.RequestAborted.IsCancellationRequested)
            {
                // Before that, the call is not the server's yet, and no record shows that it may have been executed.
                if (!call.WasWritten || Detached is not { } detached)
                    continue;
                // The client may leave once the task is stored.
                await left.DisposeAsync();
                if (await response.TryDetachAsync(() => TryStoreAsync(call)) is { } claim)
                {
                    isTask = true;
                    detached(new LongCall(claim, ResponseAsync(claim, call, running, response), end));
                    await PlainResponse.JsonAsync(
                        outer.Http, StatusCodes.Status200OK, tasks.CreatedLong(outer, claim.Entry));
                    return true;
                }

                left = Follow(outer.Http, end);
            }

            var isEvaluated = await running;
            await response.DeliverAsync();
            return isEvaluated;
        }
        catch (OperationCanceledException) when (outer.Http.RequestAborted.IsCancellationRequested)
        {
            // The client has left; nobody reads the response.
            return true;
        }
        finally
        {
            if (!isTask)
            {
                await left.DisposeAsync();
                response.Dispose();
            }
        }
    }

    /// <summary>
    /// Stores the task of a call that may have been sent, with a claim of this process; returns null if that failed.
    /// </summary>
    public async ValueTask<TaskClaim?> TryStoreAsync(CallContext call)
    {
        try
        {
            return await tasks.Room.TryStoreAsync(call, async _ =>
            {
                var sent = TaskDocuments.OfLong(call, clock.NowMs(), standing.ContractOf(call));
                // The server may request input, with which the call is sent again.
                var stored = await tasks.NewAsync(call, sent.Id);
                return await TaskClaim.TryCreateAsync(
                    book, clock, sent with { Task = sent.Task! with { SealedCall = stored.SealedCall } });
            }, CancellationToken.None);
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    private CallContext Inner(CallContext outer, LongResponse response)
    {
        // The memory of the body belongs to the client's request, which may end first.
        var message = McpReader.Read(outer.Message.Body.ToArray(), McpReadBounds.Default).Message
            ?? throw new InvalidOperationException("A message that was read must stay valid.");
        response.Head = new InnerResponse(response, () => response.HasStarted);
        var http = InnerHttp.Create(
            outer.Http.Request.Headers, services, HttpMethods.Post, response.Head, response.Lifetime);
        MirroredHeaders.Set(http.Request.Headers, message, outer.Revision, version: null);
        if (outer.Http.Features.Get<SubjectToken>() is { } token)
            http.Features.Set(token);
        return new CallContext(
            http, outer.Grant, outer.Server, message, outer.Revision, outer.Session, outer.NowMs)
        {
            Span = outer.Span,
            IsOfSeveral = outer.IsOfSeveral,
            MayOnlyConnect = outer.MayOnlyConnect,
            Retry = outer.Retry,
            Virtual = outer.Virtual is { } rebuilt
                ? rebuilt with { Arguments = rebuilt.Arguments.ToArray() } : null,
            RebuiltBy = outer.RebuiltBy,
            Rewriter = outer.Rewriter,
        };
    }

    private static async Task<bool> RunAsync(CallContext call, Func<CallContext, Task<bool>> run)
    {
        using (call)
        {
            var isEvaluated = await run(call);
            await call.Http.Response.CompleteAsync();
            return isEvaluated;
        }
    }

    /// <summary>Ends the call with its client's connection.</summary>
    private static CancellationTokenRegistration Follow(HttpContext client, CancellationTokenSource end) =>
        client.RequestAborted.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);

    private async Task<bool> EndsWithinAsync(Task running, TimeSpan after)
    {
        await running.WaitAsync(after, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return running.IsCompleted;
    }

    private static async Task<byte[]?> ResponseAsync(
        TaskClaim claim, CallContext call, Task running, LongResponse response)
    {
        using (response)
        {
            await running;
            var hasGrantEnded = call.Binding.Ended.IsCancellationRequested;
            return call.IsEndedByGateway && hasGrantEnded
                ? TaskRun.Unanswered(isSent: true, TaskRun.GrantEnded)
                : TaskRun.ResponseOf(
                    claim, response.Why, response.Bytes, call.Http.Response,
                    hasGrantEnded ? TaskRun.GrantEnded
                        : response.Lifetime.RequestAborted.IsCancellationRequested ? TaskRun.Stopped : null);
        }
    }
}

/// <summary>A call that has become a task.</summary>
/// <param name="Claim">This process's claim on the task.</param>
/// <param name="Response">The JSON-RPC response.</param>
/// <param name="End">Ends the call.</param>
internal sealed record LongCall(TaskClaim Claim, Task<byte[]?> Response, CancellationTokenSource End);
