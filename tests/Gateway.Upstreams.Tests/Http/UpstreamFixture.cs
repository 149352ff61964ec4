namespace Gateway.Upstreams.Tests.Http;

internal static class UpstreamFixture
{
    public static byte[] Body { get; } = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

    public static HttpUpstream To(Uri url, params (string Name, string Value)[] headers) => new(new HttpUpstreamOptions
    {
        Url = url,
        Headers = [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))],
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public static UpstreamRequest Post(
        IHeaderDictionary? headers = null,
        Func<CancellationToken, ValueTask>? before = null,
        string? session = null,
        string? traceParent = null) => new()
        {
            Method = HttpMethod.Post,
            Body = Body,
            ClientHeaders = headers ?? new HeaderDictionary(),
            CallId = "0123456789abcdef0123456789abcdef",
            BeforeFirstByte = before,
            SessionId = session,
            TraceParent = traceParent,
        };

    public static async Task<string> TextAsync(UpstreamResponse answer)
    {
        using (answer)
        using (var reader = new StreamReader(answer.Body))
            return await reader.ReadToEndAsync();
    }
}
