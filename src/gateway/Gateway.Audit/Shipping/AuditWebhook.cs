using System.Net.Http.Headers;

namespace Gateway.Audit.Shipping;

/// <summary>Posts records as JSON Lines. Nothing is followed, and of an answer its status is read only.</summary>
internal sealed class AuditWebhook(AuditSinkOptions options) : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseDrainSize = 0,
    });

    /// <returns>Why it was not taken; null where it was.</returns>
    /// <param name="lines">The records.</param>
    /// <param name="id">The same over every try, so that a receiver may leave out what it has.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<string?> SendAsync(byte[] lines, string id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
            {
                Content = new ByteArrayContent(lines),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            request.Headers.Add("Idempotency-Key", id);
            if (options.TokenFile is { } file)
            {
                var token = (await File.ReadAllTextAsync(file, limit.Token)).Trim();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var response = await _client.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode ? null
                : (int)response.StatusCode is >= 300 and < 400
                    ? $"HTTP {(int)response.StatusCode}: the address points elsewhere, which is not followed"
                    : $"HTTP {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {TimeLimit.TotalSeconds} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException
            or FormatException)
        {
            return e.Message;
        }
    }

    public void Dispose() => _client.Dispose();
}
