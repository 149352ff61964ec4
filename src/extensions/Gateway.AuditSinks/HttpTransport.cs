using System.Net.Http.Headers;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>
/// Posts records over HTTP, as JSON Lines or as OTLP. Redirects are not followed. Of the response only the status is
/// read and, with OTLP, the number of rejected records.
/// </summary>
internal sealed class HttpTransport(AuditSinkOptions options, SinkConnect connect) : IAuditTransport
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int TokenLengthMax = 8192;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private readonly Uri _url = new(options.Url);
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseDrainSize = 0,
        ConnectCallback = (context, stop) => ConnectAsync(options, connect, context, stop),
    });

    public async ValueTask<ShipResult> SendAsync(
        IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var request = Request(records);
            if (options.TokenFile is { } file)
                AddToken(request, file, await File.ReadAllTextAsync(file, limit.Token));
            using var response = await _client.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode ? await TakenAsync(response, limit.Token)
                : (int)response.StatusCode is >= 300 and < 400
                    ? new($"HTTP {(int)response.StatusCode}: the server redirects, and redirects are not followed")
                    : new($"HTTP {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"no response within {TimeLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return new(e.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return default;
    }

    /// <summary>Connects. TLS reads its files for each connection, so that replaced files take effect.</summary>
    private static async ValueTask<Stream> ConnectAsync(
        AuditSinkOptions options, SinkConnect connect, SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var tcp = await SinkSocket.OpenAsync(connect, context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop);
        return context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps
            ? await SinkSocket.SecureAsync(tcp, options, context.DnsEndPoint.Host, stop)
            : tcp;
    }

    private HttpRequestMessage Request(IReadOnlyList<ShippedRecord> records)
    {
        var isOtlp = options.Kind == AuditSinkKind.Otlp;
        var content = new ByteArrayContent(
            isOtlp ? OtlpLogs.Write(records, options.IsOcsf) : Lines(records, options.IsOcsf));
        content.Headers.ContentType = new MediaTypeHeaderValue(isOtlp ? "application/json" : "application/x-ndjson");
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        request.Headers.Add("Idempotency-Key", records[0].Id);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(ProductRelease.Name, ProductRelease.Version));
        return request;
    }

    private void AddToken(HttpRequestMessage request, string file, string text)
    {
        var token = text.Trim();
        // The message must not contain the token, because it appears in logs and on pages.
        if (token.Length is 0 or > TokenLengthMax || !token.All(static c => c is > ' ' and <= '~'))
            throw new IOException($"{file} must contain one token: a line of visible ASCII without spaces");
        request.Headers.TryAddWithoutValidation(
            options.TokenHeader ?? "Authorization", options.TokenHeader is null ? $"Bearer {token}" : token);
    }

    private async Task<ShipResult> TakenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (options.Kind != AuditSinkKind.Otlp)
            return ShipResult.Taken;
        var answer = new byte[AnswerBytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var read = await body.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken);
        return new ShipResult(null, OtlpLogs.Rejected(answer.AsMemory(0, read)));
    }

    private static byte[] Lines(IReadOnlyList<ShippedRecord> records, bool isOcsf)
    {
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            lines.Write(isOcsf ? OcsfEvent.Write(record) : record.Line.Span);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }
}
