using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Memory;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// The run of one approved call, through the same pipeline as the call of a connected client: it is evaluated again,
/// counted, recorded and sent.
/// </summary>
internal sealed class TaskRun(
    StoredCalls calls, StoredCallers callers, SessionEndpoint sessions, CallRunner runner, MemoryBudget memory,
    IServiceProvider services, TimeProvider time)
{
    /// <summary>The reason for a call that ended with its grant.</summary>
    public const string GrantEnded = "the grant was revoked, paused or expired during the call";

    /// <summary>The reason for a call that ended with its frontend.</summary>
    public const string Stopped = "the frontend that made the call has stopped";

    private const string Counted = "The call may have been executed, and it counts against your limits. Check before "
        + "you repeat it.";

    /// <summary>The longest run; a server's own timeouts may be shorter.</summary>
    private static readonly TimeSpan Longest = StoredCallers.ValidFor;

    private static readonly string NotWithin = string.Create(
        CultureInfo.InvariantCulture, $"did not respond within {Longest.TotalMinutes} minutes");

    /// <summary>
    /// Runs the call and returns the JSON-RPC response with its result; null if nothing was sent and a later run may
    /// succeed, because a part of the gateway is unavailable, or a limit has no room.
    /// </summary>
    /// <param name="claim">The claim on the task.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    /// <param name="stopping">Canceled when the process ends.</param>
    /// <exception cref="Edge.Issuers.IssuerException">The issuer of the caller is unavailable; nothing was sent.
    /// </exception>
    public async Task<TaskRunEnd> RunAsync(TaskClaim claim, ControlSnapshot documents, CancellationToken stopping)
    {
        var approval = claim.Approval;
        if (calls.Open(approval, documents) is not { } stored)
            return new(Text("The call was not made: it cannot be decrypted, because its key is gone. Call again."));
        if (await callers.FindAsync(stored.Caller, approval.GrantToken!, approval.Server, stopping) is not { } caller)
            return new(ApprovalTasks.ResponseOf(ApprovalRefusals.GrantEnded));
        if (StoredCalls.DigestOf(caller.Grant.VirtualTools) != stored.VirtualTools)
            return new(ApprovalTasks.ResponseOf(Refusal.Of(VirtualCall.Changed)));

        var message = McpReader.Read(Encoding.UTF8.GetBytes(stored.Body), McpReadBounds.Default).Message
            ?? throw new InvalidOperationException("A stored call must stay valid.");
        using var limit = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        using var writer = new CollectingWriter(ApprovalTasks.ResultBytesMax, memory, caller.Grant.State.Memory, end);
        var http = InnerHttp.Create(
            HeadersOf(stored), services, HttpMethods.Post,
            new InnerResponse(writer, () => writer.HasStarted), new InnerLifetime(end));
        MirroredHeaders.Set(http.Request.Headers, message, McpRevision.Stateless, version: null);
        using var span = GatewayTracing.Start(http.Request.Headers, approval.Server, message);
        using var call = new CallContext(
            http, caller.Grant, caller.Server, message, McpRevision.Stateless,
            sessions.Binding(caller.Grant, approval.Server), caller.NowMs)
        {
            Span = span,
            Claim = claim,
        };
        caller.Grant.State.Use(caller.NowMs);
        await runner.RunAsync(call);
        await http.Response.CompleteAsync();
        return call.Postponed is { } postponed ? new(null, postponed) : new(ResponseOf(
            claim, writer.Why, writer.Bytes, http.Response,
            stopping.IsCancellationRequested ? Stopped
                : call.Binding.Ended.IsCancellationRequested ? GrantEnded
                : limit.IsCancellationRequested ? $"the server {approval.Server} {NotWithin}" : null));
    }

    /// <summary>Returns the response of a call whose run ended without one.</summary>
    public static byte[] Unanswered(bool isSent, string why) => Text(isSent
        ? $"No result: {why}. {Counted}"
        : $"The call was not made: {why}. It does not count; call again.");

    /// <summary>Returns the JSON-RPC response of a call that has ended; null if a later run may succeed.</summary>
    /// <param name="claim">The claim on the task.</param>
    /// <param name="why">The reason why the body is incomplete; null if it is complete.</param>
    /// <param name="body">The body.</param>
    /// <param name="response">The status and headers.</param>
    /// <param name="ended">The reason why the gateway itself has ended the call; null if it has not.</param>
    public static byte[]? ResponseOf(
        TaskClaim claim, string? why, ReadOnlyMemory<byte> body, HttpResponse response, string? ended)
    {
        if (why is not null)
            return Unanswered(claim.MayHaveRun, $"the server {claim.Approval.Server} {why}");
        var answer = new ServerAnswer(
            claim.Approval.Server, response.StatusCode, response.ContentType ?? "", body);
        JsonElement? found;
        try
        {
            found = answer.Find();
        }
        catch (JsonException)
        {
            found = null;
        }

        if (!claim.IsSent && response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            return null;
        if (found is not { } message)
            return Unanswered(claim.MayHaveRun, ended ?? $"the server {claim.Approval.Server} sent no response");
        if (message.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
        {
            if (!claim.IsSent && IsOutage(result))
                return null;
            return result.TryGetProperty("resultType", out var type) && !type.ValueEquals("complete"u8)
                && !(claim.MayRequireInput && TaskInputs.IsRequestedBy(RawBytes(message)))
                ? Unanswered(claim.MayHaveRun, string.Create(CultureInfo.InvariantCulture,
                    $"the server {claim.Approval.Server} responded with a {type} and no result"))
                : RawBytes(message);
        }

        return message.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            ? RawBytes(message)
            : Unanswered(claim.MayHaveRun, $"the server {claim.Approval.Server} sent no result");
    }

    /// <summary>Returns true for the gateway's own refusal of a call because of a failure within the gateway.</summary>
    private static bool IsOutage(JsonElement result) => result.TryGetProperty("_meta", out var meta)
        && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty(JsonRpcWriter.DecisionMember, out var decision)
        && decision.TryGetProperty("outcome", out var outcome)
        && outcome.ValueEquals(RefusalJson.Name(RefusalCategory.Unavailable));

    private static byte[] RawBytes(JsonElement message) => Encoding.UTF8.GetBytes(message.GetRawText());

    private static byte[] Text(string text)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginToolError(scratch.Json, "\"task\""u8, text, McpRevision.Stateless);
        JsonRpcWriter.EndToolError(scratch.Json);
        return scratch.ToArray();
    }

    private static IEnumerable<KeyValuePair<string, StringValues>> HeadersOf(StoredCall stored) =>
    [
        .. stored.Headers.Select(static header => KeyValuePair.Create(header.Key, new StringValues(header.Value))),
        KeyValuePair.Create("Accept", new StringValues("application/json, text/event-stream")),
        KeyValuePair.Create("Content-Type", new StringValues("application/json")),
    ];
}

/// <summary>The end of one run of a stored call.</summary>
/// <param name="Response">The JSON-RPC response; null if nothing was sent and a later run may succeed.</param>
/// <param name="Postponed">The further wait of the call for room of a limit; null for none.</param>
internal readonly record struct TaskRunEnd(byte[]? Response, PostponedCall? Postponed = null);
