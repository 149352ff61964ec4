using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Identity.Operators;
using Gateway.Audit.Shipping;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>The admin API as the verbs use it: JSON in, JSON out, a problem as an exception.</summary>
internal sealed class AdminClient(Uri gateway, string? key, TimeSpan? patience = null) : IDisposable
{
    /// <summary>Longer than any answer takes; one that is stopped takes a connection and says nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = ProxyChoice.For(gateway),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public Uri Gateway => gateway;

    /// <summary>Whether these saved words are the ones that it speaks with.</summary>
    public bool IsFor(SavedContext saved) => saved.Gateway == gateway && saved.Key == key;

    /// <exception cref="AdminProblemException">The gateway says no.</exception>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public Task<AdminDocument> GetAsync(string path, CancellationToken cancellationToken) =>
        SendBytesAsync("GET", path, null, null, cancellationToken);

    /// <summary>The result of <c>/readyz</c>, which needs no key.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public async Task<(bool IsReady, string Text)> ReadyAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "/readyz"));
        var (response, text) = await ExchangeAsync(request, cancellationToken);
        using var _ = response;
        return (response.IsSuccessStatusCode, text);
    }

    /// <summary>All pages of a list.</summary>
    public async Task<JsonArray> ListAsync(string path, CancellationToken cancellationToken)
    {
        var all = new JsonArray();
        for (var cursor = ""; ;)
        {
            var query = $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500&cursor={cursor}";
            var page = await GetAsync(path + query, cancellationToken);
            foreach (var item in page.Object["items"]!.AsArray())
                all.Add(item!.DeepClone());
            if (page.Object["next"] is not { } next)
                return all;
            cursor = (string)next!;
        }
    }

    /// <summary>The first page of a list for one who cannot wait for a task; none where the gateway says no.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public JsonArray? FirstPage(string path, CancellationToken cancellationToken)
    {
        using var request = Request("GET", path);
        using var response = _http.Send(request, cancellationToken);
        using var reader = new StreamReader(response.Content.ReadAsStream(cancellationToken));
        return response.IsSuccessStatusCode ? Parse(reader.ReadToEnd())?["items"] as JsonArray : null;
    }

    /// <summary>Changes the members that a JSON merge patch (RFC 7396) names; null removes one.</summary>
    public Task<AdminDocument> PatchAsync(
        string path, JsonObject patch, string? ifMatch, CancellationToken cancellationToken) => SendBytesAsync(
            "PATCH", path, Encoding.UTF8.GetBytes(patch.ToJsonString()), ifMatch, cancellationToken,
            "application/merge-patch+json");

    public async Task<AdminDocument> SendBytesAsync(
        string method, string path, ReadOnlyMemory<byte>? body, string? ifMatch, CancellationToken cancellationToken,
        string contentType = "application/json")
    {
        using var request = Request(method, path);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (body is { } content)
        {
            request.Content = new ReadOnlyMemoryContent(content);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        var (response, text) = await ExchangeAsync(request, cancellationToken);
        using var _ = response;
        var json = Parse(text);
        if (!response.IsSuccessStatusCode)
            throw AdminProblemException.Of((int)response.StatusCode, json, gateway, key);
        return new AdminDocument(json, text, response.Headers.ETag?.Tag);
    }

    public Task<AdminDocument> SendAsync(
        string method, string path, JsonNode? body, string? ifMatch, CancellationToken cancellationToken) =>
        SendBytesAsync(
            method,
            path,
            body is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(body.ToJsonString()),
            ifMatch,
            cancellationToken);

    /// <summary>The version of what is there, for a change that is meant anyway; null where there is nothing.</summary>
    public async Task<string?> VersionAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await GetAsync(path, cancellationToken)).ETag ?? "*";
        }
        catch (AdminProblemException e) when (e.Status == 404)
        {
            return null;
        }
        catch (AdminProblemException e) when (e.Status == 409)
        {
            // What is stored is damaged and cannot be shown, so no version of it can be lost.
            return "*";
        }
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="TimeoutException">There was no whole answer in time.</exception>
    private async Task<(HttpResponseMessage Response, string Text)> ExchangeAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience ?? Patience);
        try
        {
            var response = await _http.SendAsync(request, waiting.Token);
            return (response, await response.Content.ReadAsStringAsync(waiting.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {(patience ?? Patience).TotalSeconds} s", e);
        }
    }

    private HttpRequestMessage Request(string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway, "/api/v1/" + path));
        // The record tells by it that a person or a script used the CLI.
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(Caller.CliName, ProductRelease.Version));
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
