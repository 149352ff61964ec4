using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The relay of HTTP errors. A JSON-RPC body passes byte for byte, because clients use it to fall back to an earlier
/// revision. A page is replaced by one sentence with the status and an excerpt.
/// </summary>
internal static class ErrorCopier
{
    private const int BeginBytes = 16 * 1024;
    private const int TextBytesMax = 1024;

    /// <summary>
    /// Relays an error; returns null, without reading the body, if it must be relayed like any other.
    /// </summary>
    public static async ValueTask<RelayOutcome?> TryRunAsync(RelayState state)
    {
        var isJson = state.Answer.MediaType == MediaTypes.Json;
        if (state.Plan.Results is { EvaluatesResponses: true } || (isJson && IsForFallback(state)))
            return null;
        if (!BodyDecoder.TryOpen(state.Answer, out var body))
            return await WritePageAsync(state, default);
        using var begun = new PooledBuffer();
        int count;
        do
        {
            var room = BeginBytes - begun.Length;
            count = await state.ReadAsync(body, begun.GetMemory(room)[..room]);
            begun.Advance(Math.Max(0, count));
        }
        while (count > 0 && begun.Length < BeginBytes);

        if (count < 0 && isJson)
            return await state.FailAsync(RelayEnd.UpstreamBroken, RawCopier.Broken(state));
        if (begun.Length == 0 && count == 0 && (state.Plan.RequestId.IsEmpty || IsForFallback(state)))
            return await state.CompleteAsync();
        // If the body is longer than any error, its beginning decides how it passes.
        var passes = isJson
            ? count > 0 ? ResponseInspector.MayBeMessage(begun.Written.Span, isWhole: false) : IsJsonRpc(begun.Written)
            : IsShortText(state, begun.Written.Span);
        if (!passes)
            return await WritePageAsync(state, begun.Written);
        if (count <= 0)
            state.Context.Response.ContentLength = begun.Length;
        if (!await state.WriteAsync(begun.Written) || !await state.FlushAsync())
            return state.ClientGone();
        return count <= 0 ? state.Completed() : await RawCopier.RestAsync(state, body, isEvents: false);
    }

    // With these statuses, a client detects that a server knows no stateless revision, unless the body is a JSON-RPC
    // error.
    private static bool IsForFallback(RelayState state) => state.Answer.StatusCode is 400 or 404 or 405;

    private static bool IsShortText(RelayState state, ReadOnlySpan<byte> body) =>
        (state.Plan.RequestId.IsEmpty || IsForFallback(state)) && state.Answer.MediaType is "" or "text/plain"
        && body.Length <= TextBytesMax && !body.Contains((byte)'<')
        && state.Plan.Results is null;

    private static bool IsJsonRpc(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("jsonrpc", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes the sentence in place of a page.</summary>
    public static async ValueTask<RelayOutcome> WritePageAsync(RelayState state, ReadOnlyMemory<byte> page)
    {
        var (response, status) = (state.Context.Response, state.Answer.StatusCode);
        if (state.Plan.Results is { } results)
            ResultCopier.ClearHeaders(response, results);
        var text = $"{state.Server} responded with HTTP {status}.{Excerpt.Of(state, page, " It wrote: ")}";
        response.Headers.Remove("Content-Language");
        using var body = new PooledBuffer();
        if (state.Plan.RequestId.IsEmpty || IsForFallback(state))
        {
            response.ContentType = "text/plain; charset=utf-8";
            body.Advance(Encoding.UTF8.GetBytes(text, body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
        }
        else
        {
            response.ContentType = MediaTypes.Json;
            JsonRpcWriter.WriteError(body, state.Plan.RequestId.Span, McpErrorCodes.InternalError, text);
        }

        response.ContentLength = body.Length;
        return await state.WriteAsync(body.Written) && await state.FlushAsync()
            ? state.Completed()
            : state.ClientGone();
    }
}

/// <summary>The beginning of a page as text, for an error message.</summary>
internal static partial class Excerpt
{
    private const int BytesMax = 4096;
    private const int CharactersMax = 200;

    /// <summary>Returns a phrase and the excerpt; empty if there is no text or the policy denies it.</summary>
    public static string Of(RelayState state, ReadOnlyMemory<byte> body, string phrase)
    {
        var page = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, BytesMax)]);
        var text = Spaces().Replace(VisibleText.Of(Markup().Replace(page, " ")), " ").Trim();
        if (text.Length == 0 || (state.Plan.Results is { } results && !results.IsClear(Encoding.UTF8.GetBytes(text))))
            return "";
        if (text.Length > CharactersMax)
            text = string.Concat(text.AsSpan(0, CharactersMax), "…");
        return $"{phrase}\"{text}\"";
    }

    [GeneratedRegex("<style[^>]*>.*?</style>|<script[^>]*>.*?</script>|<[^<>]*>",
        RegexOptions.IgnoreCase | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
