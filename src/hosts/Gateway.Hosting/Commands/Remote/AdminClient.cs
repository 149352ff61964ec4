using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;
using Gateway.Audit.Shipping;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// A client of the admin API for the verbs: it takes and returns contracts, and throws a problem as an exception.
/// </summary>
internal sealed class AdminClient(Uri gateway, string? key, TimeSpan? patience = null) : IDisposable
{
    /// <summary>Longer than any response takes. A suspended gateway accepts a connection but never responds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = ProxyChoice.For(gateway),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public Uri Gateway => gateway;

    /// <summary>The reason of every change that this client makes; null for none.</summary>
    public string? Reason { get; set; }

    /// <summary>Returns true if this client uses the address and key of the context.</summary>
    public bool IsFor(SavedContext saved) => saved.Gateway == gateway && saved.Key == key;

    /// <exception cref="AdminProblemException">The gateway refused the request.</exception>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public async Task<Reply<T>> GetAsync<T>(
        string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await GetAsync(path, cancellationToken), type);

    /// <summary>Performs an action that takes no body.</summary>
    public async Task<Reply<T>> PostAsync<T>(
        string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, string? ifMatch = null) =>
        Read(await SendAsync("POST", path, null, ifMatch, cancellationToken), type);

    public async Task<Reply<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type,
        CancellationToken cancellationToken, string? ifMatch = null) =>
        Read(await SendAsync("POST", path, Bytes(body, bodyType), ifMatch, cancellationToken), type);

    public async Task<Reply<T>> PostAsync<T>(
        string path, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendAsync("POST", path, body, null, cancellationToken), type);

    /// <summary>Replaces a resource that the API shows only as a part of another one.</summary>
    public Task PutAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        SendAsync("PUT", path, body, null, cancellationToken);

    public Task<Reply<T>> PutAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, string? ifMatch, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        PutAsync(path, Bytes(body, bodyType), ifMatch, type, cancellationToken);

    public async Task<Reply<T>> PutAsync<T>(
        string path, ReadOnlyMemory<byte> body, string? ifMatch, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        Read(await SendAsync("PUT", path, body, ifMatch, cancellationToken), type);

    /// <summary>Changes the members that a JSON merge patch (RFC 7396) names; null removes one.</summary>
    public async Task<Reply<T>> PatchAsync<T>(
        string path, JsonObject patch, string? ifMatch, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendAsync(
            "PATCH", path, Encoding.UTF8.GetBytes(patch.ToJsonString()), ifMatch, cancellationToken,
            "application/merge-patch+json"), type);

    public Task DeleteAsync(string path, string? ifMatch, CancellationToken cancellationToken) =>
        SendAsync("DELETE", path, null, ifMatch, cancellationToken);

    public async Task<Reply<T>> DeleteAsync<T>(
        string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendAsync("DELETE", path, null, null, cancellationToken), type);

    /// <summary>Returns the items of a page with their JSON; each page has the same member for them.</summary>
    public static IEnumerable<Reply<T>> Items<T>(IReadOnlyList<T> items, JsonNode page) => items.Zip(
        page["items"] as JsonArray ?? [], static (item, json) => new Reply<T>(item, json ?? new JsonObject()));

    /// <summary>Returns the items of all pages of a list.</summary>
    public async Task<List<Reply<T>>> ListAsync<T>(
        string path, JsonTypeInfo<PageView<T>> type, CancellationToken cancellationToken)
    {
        var all = new List<Reply<T>>();
        for (var cursor = ""; ;)
        {
            var query = $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500&cursor={cursor}";
            var page = await GetAsync(path + query, type, cancellationToken);
            all.AddRange(Items(page.Value.Items, page.Json));
            if (page.Value.Next is not { } next)
                return all;
            cursor = next;
        }
    }

    /// <summary>Returns a document that is printed unchanged, or that only has to exist.</summary>
    public Task<AdminDocument> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync("GET", path, null, null, cancellationToken);

    /// <summary>Returns the result of <c>/readyz</c>, which needs no key.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public async Task<(bool IsReady, string Text)> ReadyAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "/readyz"));
        var (response, text) = await ExchangeAsync(request, cancellationToken);
        using var _ = response;
        return (response.IsSuccessStatusCode, text);
    }

    /// <summary>Returns the first page of a list to a caller that cannot await; null if the gateway refuses.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public PageView<T>? FirstPage<T>(string path, JsonTypeInfo<PageView<T>> type, CancellationToken cancellationToken)
    {
        using var request = Request("GET", path);
        using var response = _http.Send(request, cancellationToken);
        using var reader = new StreamReader(response.Content.ReadAsStream(cancellationToken));
        return response.IsSuccessStatusCode && Parse(reader.ReadToEnd()) is { } json
            ? ResponseReader.Read(json, type)
            : null;
    }

    /// <summary>
    /// Returns the present version, for an unconditional change; null if the resource does not exist.
    /// </summary>
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
            // The stored version is damaged and cannot be shown, so overwriting it loses nothing.
            return "*";
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<AdminDocument> SendAsync(
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

    /// <exception cref="TimeoutException">The response was not complete in time.</exception>
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
            throw new TimeoutException($"no response within {(patience ?? Patience).TotalSeconds} s", e);
        }
    }

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private Reply<T> Read<T>(AdminDocument document, JsonTypeInfo<T> type)
    {
        try
        {
            // An action without a result returns 204 and no body.
            var json = document.Json ?? (document.Text.Length == 0 ? new JsonObject() : throw new JsonException());
            return new Reply<T>(ResponseReader.Read(json, type), json, document.ETag);
        }
        catch (JsonException e)
        {
            throw new AdminProblemException(
                502, $"{gateway} sent a response that this release cannot read; check --gateway. {e.Message}");
        }
    }

    private HttpRequestMessage Request(string method, string path)
    {
        if (method != "GET" && Reason is { } reason)
            path += $"{(path.Contains('?') ? '&' : '?')}reason={Uri.EscapeDataString(reason)}";
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway, "/api/v1/" + path));
        // The audit log uses this to record that a person or a script used the CLI.
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(AdminCaller.CliName, ProductRelease.Version));
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

/// <summary>The body of a response with its version; <paramref name="Json"/> is null if it is not JSON.</summary>
internal sealed record AdminDocument(JsonNode? Json, string Text, string? ETag);
