using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Extensions;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// Input that a server requests for a call that runs as a task of the gateway. The client gets the requests with the
/// task's state, as the policy left them, and its responses go to the server in a further round. They decide nothing.
/// </summary>
internal sealed class TaskInputs(ApprovalRepository book, StoredCalls calls, ProcessClock clock)
{
    private const string Requests = "inputRequests";
    private const string Responses = "inputResponses";
    private const string State = "requestState";

    /// <summary>
    /// Returns true if a response requests input in a form that a client can respond to. That excludes names on which
    /// readers of JSON disagree.
    /// </summary>
    public static bool IsRequestedBy(ReadOnlyMemory<byte> response)
    {
        try
        {
            using var input = JsonDocument.Parse(response);
            return input.RootElement.TryGetProperty("result", out var result)
                && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("resultType", out var type) && type.ValueKind == JsonValueKind.String
                && type.ValueEquals("input_required"u8)
                && result.TryGetProperty(Requests, out var requests) && requests.ValueKind == JsonValueKind.Object
                && RequestsOf(input.RootElement).All(static one => one.Name is not null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the requests without a response as JSON; null if there are none or they cannot be decrypted.
    /// </summary>
    public byte[]? RequestsOf(Approval approval, ControlSnapshot documents)
    {
        if (calls.OpenInput(approval, documents) is not { } response)
            return null;
        using var input = JsonDocument.Parse(response);
        var given = GivenOf(input.RootElement);
        var scratch = JsonScratch.Take();
        scratch.Json.WriteStartObject();
        foreach (var request in RequestsOf(input.RootElement).Where(one => !given.TryGetProperty(one.Name, out _)))
        {
            scratch.Json.WritePropertyName(KeyOf(approval, request.Name));
            scratch.Json.WriteRawValue(JsonMarshal.GetRawUtf8Value(request.Value), skipInputValidation: true);
        }

        scratch.Json.WriteEndObject();
        return scratch.ToArray();
    }

    /// <summary>
    /// Stores the responses of a client. Once every request has one, the next round of the call is due. A response to
    /// no open request is ignored.
    /// </summary>
    /// <param name="find">Reads the task; returns null if there is none.</param>
    /// <param name="update">The client's message.</param>
    /// <returns>False if the responses are too long.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> GiveAsync(
        Func<ValueTask<(ApprovalEntry Entry, ControlSnapshot Documents)?>> find, McpMessage update)
    {
        if (RawJson.Find(update.Body.Span, "params", Responses) is not { } place
            || update.Body.Span[place] is not [(byte)'{', ..])
            return true;
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            if (await find() is not { } found || clock.NowMs() >= found.Entry.Approval.Task!.InputUntilMs
                || calls.OpenInput(found.Entry.Approval, found.Documents) is not { } response
                || calls.Open(found.Entry.Approval, found.Documents) is not { } stored)
                return true;
            var (entry, approval) = (found.Entry, found.Entry.Approval);
            var (given, isWhole) = Given(approval, response, update.Body[place]);
            if (given.Length > StoredCalls.BytesMax)
                return false;
            var task = isWhole
                ? approval.Task! with
                {
                    SealedInput = null,
                    InputUntilMs = null,
                    SealedCall = await calls.SealAsync(stored with { Body = NextOf(stored.Body, response, given) }),
                    SentMs = null,
                    Round = (approval.Task!.Round ?? 0) + 1,
                }
                : approval.Task! with
                {
                    SealedInput = await calls.SealAsync(With(response, Responses, given), approval.Id),
                };
            var changed = approval with { Task = task };
            if (await book.WriteAsync(entry.Name, entry.Version, changed, CancellationToken.None) is not null)
                return true;
        }

        throw WriteAttempts.Exceeded("The task");
    }

    /// <summary>Returns the call of the next round: with the responses and the server's state.</summary>
    private static string NextOf(string call, byte[] response, byte[] given)
    {
        var body = Encoding.UTF8.GetBytes(call);
        foreach (var name in (string[])[Responses, State])
            body = CapabilityFilter.WithoutAt(body, name, "params");
        var place = RawJson.Find(body, "params")!.Value;
        var parameters = With(body[place], Responses, given);
        if (RawJson.Find(response, "result", State) is { } state)
            parameters = With(parameters, State, response[state]);
        return Encoding.UTF8.GetString(RawJson.Replace(body, place, parameters));
    }

    /// <summary>Returns all responses so far, as JSON, and whether each request has one.</summary>
    private static (byte[] Given, bool IsWhole) Given(Approval approval, byte[] response, ReadOnlyMemory<byte> update)
    {
        using var input = JsonDocument.Parse(response);
        using var updated = JsonDocument.Parse(update);
        var (isWhole, before) = (true, GivenOf(input.RootElement));
        var scratch = JsonScratch.Take();
        scratch.Json.WriteStartObject();
        foreach (var request in RequestsOf(input.RootElement))
        {
            if (before.TryGetProperty(request.Name, out var value)
                || updated.RootElement.TryGetProperty(KeyOf(approval, request.Name), out value))
            {
                scratch.Json.WritePropertyName(request.Name);
                scratch.Json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }
            else
                isWhole = false;
        }

        scratch.Json.WriteEndObject();
        return (scratch.ToArray(), isWhole);
    }

    /// <summary>
    /// Returns the key of a request for the client. Keys are unique within a task (SEP-2663), but servers may use the
    /// same in each round.
    /// </summary>
    private static string KeyOf(Approval approval, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{(approval.Task!.Round ?? 0) + 1}.{name}");

    private static IEnumerable<JsonProperty> RequestsOf(JsonElement input) =>
        input.GetProperty("result").GetProperty(Requests).EnumerateObject().DistinctBy(static one => one.Name);

    private static JsonElement GivenOf(JsonElement input) =>
        input.TryGetProperty(Responses, out var given) ? given : JsonElement.Parse("{}"u8);

    private static byte[] With(ReadOnlySpan<byte> json, string name, ReadOnlySpan<byte> value) => RawJson.With(
        CapabilityFilter.Without(json, name) ?? json, [.. RawJson.Text(name), (byte)':', .. value])!;
}
