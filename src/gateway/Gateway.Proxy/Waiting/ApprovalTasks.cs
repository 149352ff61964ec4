using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Tasks;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The tasks of calls that wait for approval, as their clients see them (MCP, extension Tasks). A client can request
/// the state and withdraw its own request; nothing that it sends approves or denies.
/// </summary>
internal sealed class ApprovalTasks(
    ApprovalRepository book, StoredCalls calls, TaskHandles handles, LinkQuestions links, TaskInputs inputs,
    ApprovalRecord record, ProcessClock clock) : IDisposable
{
    /// <summary>The maximum length of a result, in bytes.</summary>
    public const int ResultBytesMax = 256 * 1024;

    /// <summary>The maximum number of tasks of a grant whose requests or results are stored.</summary>
    public const int PerGrantMax = 64;

    /// <summary>The time for which the task of a long call is kept at least, from its beginning.</summary>
    public static readonly TimeSpan LongKeptFor = TimeSpan.FromHours(1);

    private const string Working = "The server is working on the call.";
    private const string Canceled =
        "The caller canceled the call. It may have been executed, and it counts against your limits. Check before you "
        + "repeat it.";

    private const string CanceledWaiting = "The caller canceled the call. It was not executed and does not count "
        + "against your limits.";

    private const string Withdrawn = "The caller withdrew the request.";
    private const int PollMs = 2000;

    /// <summary>Raised when a client requests the state of a task that no run has claimed yet.</summary>
    public event Action? Due;

    /// <summary>The room for tasks of calls that need no approval.</summary>
    public TaskRoom Room { get; } = new(book);

    /// <summary>
    /// Returns true if the client of a call accepts a task in place of the result. A retry with input that a server
    /// requested is the rest of an earlier call, and waits for its result. A task has no headers for a policy to read.
    /// </summary>
    public static bool Offers(CallContext call) => call is
    {
        Revision: McpRevision.Stateless, Claim: null,
        Message: { Kind: McpMessageKind.Request, Method: McpMethods.ToolsCall, HasInputResponses: false } message,
    }
        && message.RequestState.IsEmpty && StoredCalls.Fits(call) && !call.Binding.Policy.ReadsHeaders
        && ClientCapabilities.Declares(message, KnownExtensions.Tasks);

    /// <summary>
    /// Returns true if a call becomes a new task; at the bound of its grant, it waits as for any other client.
    /// </summary>
    public static bool Offers(CallContext call, ControlSnapshot documents) => Offers(call)
        && ApprovalRepository.WithTasks(documents).Count(entry => entry.Approval.Grant == call.GrantName
            && !entry.Approval.Task!.IsOnlyTask) < PerGrantMax;

    /// <summary>Returns the new task of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="approvalId">The request for its approval.</param>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<ApprovalTask> NewAsync(CallContext call, string approvalId) =>
        new() { SealedCall = await calls.SealAsync(call, approvalId) };

    /// <summary>Returns the response to a call that waits as a task, whose request is stored.</summary>
    public Refusal Created(CallContext call, PolicyDecision decision, ApprovalEntry entry)
    {
        var id = HandleOf(call, entry);
        var pending = ApprovalRefusals.Pending(decision, entry.Approval, links.To(entry.Approval));
        var scratch = JsonScratch.Take();
        WriteState(scratch.Json, "task", id, entry.Approval,
            new TaskState("working", TaskDocuments.StatusOf(entry.Approval)));
        scratch.Json.WriteEndObject();
        return pending with { TaskState = scratch.ToArray() };
    }

    /// <summary>Returns the response to a call that has become a task because it takes long.</summary>
    public byte[] CreatedLong(CallContext call, ApprovalEntry entry)
    {
        var scratch = JsonScratch.Take();
        WriteState(scratch.Json, "task", HandleOf(call, entry), entry.Approval, new TaskState("working", Working));
        scratch.Json.WriteEndObject();
        return Message(call.Message.Id.Span, scratch.Written());
    }

    /// <summary>Returns the response to a call that waits for room of a limit, whose task is stored.</summary>
    public Refusal CreatedWaiting(CallContext call, ApprovalEntry entry, Refusal refusal, ControlSnapshot documents)
    {
        var scratch = JsonScratch.Take();
        WriteState(scratch.Json, "task", HandleOf(call, entry), entry.Approval,
            new TaskState("working", TaskDocuments.WaitingText(entry.Approval, documents)));
        scratch.Json.WriteEndObject();
        return refusal with { TaskState = scratch.ToArray() };
    }

    /// <summary>Returns the JSON-RPC response with a result.</summary>
    public static byte[] Message(ReadOnlySpan<byte> id, ReadOnlySpan<byte> result) =>
        [.. """{"jsonrpc":"2.0","id":"""u8, .. id, .. ",\"result\":"u8, .. result, (byte)'}'];

    /// <summary>Responds to a message about a task of the gateway; returns the length in bytes.</summary>
    public async ValueTask<int> AnswerAsync(CallContext call, OwnTask own)
    {
        try
        {
            if (await FindAsync(call, own) is not { } found)
                return await FaultAsync(call, StatusCodes.Status200OK, McpErrorCodes.InvalidParams,
                    "The task does not exist. Use the id of a task that one of your own calls returned.");
            var message = call.Message;
            if (message.Method == McpMethods.TasksGet)
                return await WriteAsync(call, StateOf(call, own, found.Entry, found.Documents));
            var isAsked = found.Entry.Approval.State is ApprovalState.Open or ApprovalState.Approved;
            if (message.Method == McpMethods.TasksUpdate && !isAsked)
            {
                if (!await inputs.GiveAsync(() => FindAsync(call, own), message))
                    return await FaultAsync(call, StatusCodes.Status200OK, McpErrorCodes.InvalidParams,
                        "The responses are too long for a task. Send shorter responses.");
            }
            else if (message.Method == McpMethods.TasksCancel || ActionOf(message) is "decline" or "cancel")
                await WithdrawAsync(call, own);
            else if (ActionOf(message) == "accept")
                await ShowedLinkAsync(found.Entry);
            return await WriteAsync(
                call, Message(message.Id.Span, """{"resultType":"complete"}"""u8));
        }
        catch (ControlStoreException)
        {
            return await FaultAsync(call, StatusCodes.Status503ServiceUnavailable, McpErrorCodes.Unavailable,
                "The gateway cannot reach the store of its approvals. Try again in a second.");
        }
    }

    public void Dispose() => Room.Dispose();

    private string HandleOf(CallContext call, ApprovalEntry entry) => handles.Seal(
        TaskHandles.CallerOf(call.Grant),
        new TaskHandle(call.ServerName, call.Message.Name!, entry.Approval.Id, entry.Name, IsOwn: true))!;

    private async ValueTask<(ApprovalEntry Entry, ControlSnapshot Documents)?> FindAsync(CallContext call, OwnTask own)
    {
        var documents = await book.ReadAsync(call.Http.RequestAborted);
        var nowMs = clock.NowMs();
        // A grant of the same name that was created again is another caller.
        return ApprovalRepository.FindTask(documents, own.Call, own.ApprovalId) is { } entry
            && entry.Approval.GrantToken == call.Grant.CallerToken
            && (nowMs < entry.Approval.TaskKeptUntilMs() || entry.Approval.HasOpenTaskAt(nowMs))
            ? (entry, documents) : null;
    }

    /// <summary>
    /// Closes the request if its call was not sent, or cancels a long call. Of a withdrawal, an approval, a run and the
    /// end of the time, only the first write counts.
    /// </summary>
    private async ValueTask WithdrawAsync(CallContext call, OwnTask own)
    {
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var nowMs = clock.NowMs();
            if (await FindAsync(call, own) is not { Entry: var entry }
                || !IsCancelable(entry.Approval) || !entry.Approval.HasOpenTaskAt(nowMs))
            {
                return;
            }

            var withdrawn = entry.Approval with
            {
                // Releases that do not know withdrawals take it for one that has expired.
                ExpiresMs = Math.Min(entry.Approval.ExpiresMs, nowMs),
                UnusedRecordedMs = nowMs,
                Comment = Withdrawn,
                Arguments = null,
                SealedArguments = null,
                Task = entry.Approval.Task! with
                {
                    WithdrawnMs = nowMs,
                    // The process that makes a long call ends it once it finds this.
                    EndedMs = entry.Approval.State == ApprovalState.Used ? nowMs : null,
                    SealedCall = null,
                    SealedInput = null,
                    Owner = null,
                    OwnedUntilMs = null,
                },
            };
            withdrawn = EndRecords.Unrecorded(withdrawn, "withdrawn", nowMs);
            if (await book.WriteAsync(entry.Name, entry.Version, withdrawn, CancellationToken.None) is { } written)
            {
                await EndRecords.RecordAsync(book, record, written, nowMs);
                return;
            }
        }

        throw WriteAttempts.Exceeded("The approval request");
    }

    // Of a call that was sent, only a long one ends with its task. A further round may not have been sent yet.
    private static bool IsCancelable(Approval approval) => approval is
    { State: ApprovalState.Open or ApprovalState.Approved }
        or { Task.IsLongCall: true } or { Task.SealedInput: not null } or { Task: { SentMs: null, Turn: not null } }
        or { Task: { SentMs: null, Round: not null } };

    /// <summary>Notes that the user saw the link, so that it is not shown again. It decides nothing.</summary>
    private async ValueTask ShowedLinkAsync(ApprovalEntry entry)
    {
        if (entry.Approval is { State: ApprovalState.Open, Task: { IsLinkShown: null } task })
            await book.WriteAsync(
                entry.Name, entry.Version, entry.Approval with { Task = task with { IsLinkShown = true } },
                CancellationToken.None);
    }

    private byte[] StateOf(CallContext call, OwnTask own, ApprovalEntry entry, ControlSnapshot documents)
    {
        var (approval, nowMs) = (entry.Approval, clock.NowMs());
        if (TaskClaim.IsDue(approval, nowMs) || (CallTurn.IsWaiting(approval) && approval.Task!.Turn!.NextMs <= nowMs))
            Due?.Invoke();
        var state = approval switch
        {
            { Task.WithdrawnMs: not null } =>
                new TaskState("cancelled", approval.Task is { SentMs: not null } or { Round: not null } ? Canceled
                    : approval.Task.Turn is null ? Withdrawn : CanceledWaiting),
            { Task.EndedMs: not null } => Ended(approval, own, documents),
            { Task.SealedInput: not null } when own.Denial is { } denial => Refused(Refusal.Of(denial)),
            { Task.SealedInput: not null } => new TaskState("input_required", "The server requests input.")
            {
                Input = inputs.RequestsOf(approval, documents) ?? [.. "{}"u8],
            },
            { State: ApprovalState.Used, Task.Round: not null } => new TaskState("working", Working),
            _ => approval.StateAt(nowMs) switch
            {
                ApprovalState.Open => new TaskState(LinkOf(call, approval) is null ? "working" : "input_required",
                    TaskDocuments.StatusOf(approval)),
                ApprovalState.Approved =>
                    new TaskState("working", $"{approval.AnsweredBy} approved the call; it is about to be made."),
                ApprovalState.Used when CallTurn.IsWaiting(approval) =>
                    new TaskState("working", TaskDocuments.WaitingText(approval, documents)),
                ApprovalState.Used when approval.Task!.IsOnlyTask => new TaskState("working", Working),
                ApprovalState.Used when approval.Task.SentMs is not null =>
                    new TaskState("working", $"{approval.AnsweredBy} approved the call; the server is working on it."),
                ApprovalState.Used => Refused(ApprovalRefusals.UsedElsewhere(approval)),
                ApprovalState.Denied => Refused(ApprovalRefusals.Denied(
                    approval.Rule, approval, book.SuggestionOf(approval, documents, nowMs))),
                ApprovalState.Expired => Refused(approval.State == ApprovalState.Approved
                    ? ApprovalRefusals.NotMade(approval) : ApprovalRefusals.Unanswered(approval.Rule, approval.Id)),
                var other => throw new NotSupportedException($"ApprovalState {other} has no case here."),
            },
        };
        var scratch = JsonScratch.Take();
        WriteState(scratch.Json, "complete", call.Message.Name!, approval, state);
        if (!state.Input.IsEmpty)
        {
            scratch.Json.WritePropertyName("inputRequests"u8);
            scratch.Json.WriteRawValue(state.Input.Span, skipInputValidation: true);
        }
        else if (state.Status == "input_required")
            UrlElicitation.WriteInput(
                scratch.Json, LinkOf(call, approval)!, LinkQuestions.TextOf(approval));
        else if (!state.Value.IsEmpty)
        {
            scratch.Json.WritePropertyName(state.Status == "failed" ? "error"u8 : "result"u8);
            scratch.Json.WriteRawValue(state.Value.Span, skipInputValidation: true);
        }

        scratch.Json.WriteEndObject();
        return Message(call.Message.Id.Span, scratch.Written());
    }

    /// <summary>
    /// Returns the link for a client that opens links, once, if its own user may decide; null for any other.
    /// </summary>
    private string? LinkOf(CallContext call, Approval approval) =>
        approval is { IsBarredToCaller: null, IsBarredToGrantor: null, Task.IsLinkShown: null }
        && UrlElicitation.AreOpenedBy(call.Message) ? links.To(approval) : null;

    private TaskState Ended(Approval approval, OwnTask own, ControlSnapshot documents)
    {
        if (own.Denial is { } denial && approval.Task!.SentMs is not null)
            return Refused(Refusal.Of(denial));
        if (calls.OpenResponse(approval, documents) is not { } response)
            return new TaskState("failed", "The result cannot be decrypted: its key is gone.")
            {
                Value = Encoding.UTF8.GetBytes(
                    $$"""{"code":{{McpErrorCodes.InternalError}},"message":"The result cannot be decrypted."}"""),
            };
        return RawJson.Find(response, "result") is { } result
            ? new TaskState("completed", "The call has ended.") { Value = response[result] }
            : new TaskState("failed", "The call has ended with an error.")
            {
                Value = response[RawJson.Find(response, "error")!.Value],
            };
    }

    /// <summary>Returns the end of a task whose call is refused, with the result that a tool call would get.</summary>
    private static TaskState Refused(Refusal refusal)
    {
        var response = ResponseOf(refusal);
        return new TaskState("completed", $"The call was not made: {refusal.Reason.TrimEnd('.')}.")
        {
            Value = response[RawJson.Find(response, "result")!.Value],
        };
    }

    /// <summary>Returns the response to a call that is refused.</summary>
    public static byte[] ResponseOf(Refusal refusal)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.WriteToolDenial(
            scratch.Json, "\"task\""u8, refusal.Text, refusal, RefusalJson.Write, McpRevision.Stateless);
        return scratch.ToArray();
    }

    /// <summary>Writes the members of a state; the caller adds others and ends the object.</summary>
    private static void WriteState(
        Utf8JsonWriter json, string resultType, string id, Approval approval, TaskState state)
    {
        var task = approval.Task!;
        var changedMs = new[]
        {
            approval.AskedMs, approval.AnsweredMs ?? 0, task.SentMs ?? 0, task.WithdrawnMs ?? 0, task.EndedMs ?? 0,
        }.Max();
        json.WriteStartObject();
        json.WriteString("resultType"u8, resultType);
        json.WriteString("taskId"u8, id);
        json.WriteString("status"u8, state.Status);
        json.WriteString("statusMessage"u8, state.Text);
        json.WriteString("createdAt"u8, RefusalJson.Time(approval.AskedMs));
        json.WriteString("lastUpdatedAt"u8, RefusalJson.Time(changedMs));
        json.WriteNumber("ttlMs"u8, approval.TaskKeptUntilMs() - approval.AskedMs);
        json.WriteNumber("pollIntervalMs"u8, PollMs);
    }

    private static string? ActionOf(McpMessage message) => message.Method == McpMethods.TasksUpdate
        && RawJson.Find(message.Body.Span, "params", "inputResponses", UrlElicitation.InputName, "action") is { } place
        && message.Body.Span[place.Start] == (byte)'"' ? RawJson.String(message.Body.Span[place]) : null;

    private static async ValueTask<int> WriteAsync(CallContext call, byte[] message)
    {
        ReadOnlyMemory<byte> response = message;
        if (call.Rewriter is { } rewriter)
        {
            using var changed = new PooledBuffer();
            if (rewriter.TryRewrite(message, changed))
                response = changed.Written.ToArray();
        }

        await PlainResponse.JsonAsync(call.Http, StatusCodes.Status200OK, response);
        return response.Length;
    }

    private static async ValueTask<int> FaultAsync(CallContext call, int status, int code, string text)
    {
        await PlainResponse.FaultAsync(call.Http, new McpFault(status, code, text, call.Message.Id));
        return 0;
    }

    /// <summary>The state of a task for its client.</summary>
    /// <param name="Status">The status of the protocol.</param>
    /// <param name="Text">The text for people and models.</param>
    private readonly record struct TaskState(string Status, string Text)
    {
        /// <summary>The result or error, as JSON; empty before the end.</summary>
        public ReadOnlyMemory<byte> Value { get; init; }

        /// <summary>The server's requests for input, as JSON; empty for none.</summary>
        public ReadOnlyMemory<byte> Input { get; init; }
    }
}
