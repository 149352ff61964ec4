using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Outbox;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Channels;

/// <summary>
/// A sender of notifications. It follows no redirects, and reads only the status of a response and Slack's success
/// result. An address of a private network is refused at the connection, so that a name that changes its address does
/// not lead there.
/// </summary>
internal sealed class ChannelSender : IChannelSender, IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int TextLengthMax = 200;
    private const int AddressLengthMax = 2048;
    private const string AllowPrivate = "; add the channel with --allow-private if that is intended";

    private static readonly DeliveryResult KeyGone =
        new("the channel's address or token cannot be decrypted, because the key is gone; add the channel again");

    private readonly ChannelStore _channels;
    private readonly ProcessClock _clock;
    private readonly OutboundConnector _connector;
    private readonly HttpClient _public;
    private readonly HttpClient _any;

    /// <summary>Creates a sender whose addresses and secrets are in this store.</summary>
    public ChannelSender(ChannelStore channels, ProcessClock clock, OutboundConnector connector)
    {
        (_channels, _clock, _connector) = (channels, clock, connector);
        (_public, _any) = (Client(connector, AddressRule.Public), Client(connector, AddressRule.Registered));
    }

    /// <inheritdoc/>
    public async Task<DeliveryResult> SendAsync(
        Channel channel, Notification notification, ControlSnapshot documents, CancellationToken cancellationToken)
    {
        if (_channels.Open(channel.Document.SealedUrl, documents) is not { } url)
            return KeyGone;
        switch (channel.Document.Kind)
        {
            case ChannelKind.SlackApp when channel.Document.Slack is { } app:
                return await AskSlackAsync(
                    channel, url, "chat.postMessage", MessageWriter.WriteSlackApp(app, notification, null), documents,
                    cancellationToken);
            case ChannelKind.Email:
                return await TryAsync(
                    limit => MailSender.SendAsync(url, RuleOf(channel), notification, _clock, _connector, limit),
                    cancellationToken);
            case ChannelKind.Webhook or ChannelKind.Slack or ChannelKind.Teams:
                return await TryAsync(async limit =>
                {
                    using var request = Request(channel, notification, documents, url);
                    using var response = await ClientOf(channel)
                        .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
                    return Result(response, _clock.NowMs());
                }, cancellationToken);
            default:
                throw new UnreachableException($"{channel.Document.Kind}");
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryResult> ChangeAsync(
        Channel channel, string receipt, Notification ended, ControlSnapshot documents,
        CancellationToken cancellationToken) =>
        channel.Document.Slack is { } app && _channels.Open(channel.Document.SealedUrl, documents) is { } url
            ? await AskSlackAsync(
                channel, url, "chat.update", MessageWriter.WriteSlackApp(app, ended, receipt), documents,
                cancellationToken)
            : KeyGone;

    /// <inheritdoc/>
    public string? AddressProblem(ChannelKind kind, string address, bool allowsPrivate)
    {
        if (address.Length > AddressLengthMax)
            return $"The url must have at most {AddressLengthMax} characters.";
        if (kind == ChannelKind.Email)
        {
            if (MailTarget.Read(address, out var problem) is not { } target)
                return problem;
            return target.IsEncrypted || allowsPrivate
                ? null
                : "Mail must be encrypted; tls=off needs allowPrivate (--allow-private).";
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            return "The url must be an https address without a user or a fragment.";
        return url.Scheme == "http" && !allowsPrivate
            ? "The url must be an https address; http needs allowPrivate (--allow-private)."
            : null;
    }

    /// <summary>Sends a text to one person at Slack about the button that they pressed.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="address">The reply address from Slack; its host must be that of Slack's API, or below it.</param>
    /// <param name="text">The text that they read.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    public async Task<DeliveryResult> ReplyAsync(
        Channel channel, Uri address, string text, ControlSnapshot documents)
    {
        if (_channels.Open(channel.Document.SealedUrl, documents) is not { } url)
            return KeyGone;
        var api = new Uri(url);
        if (address.Scheme != api.Scheme || address.Port != api.Port
            || (address.Host != api.Host && !address.Host.EndsWith($".{api.Host}", StringComparison.Ordinal)))
            return new DeliveryResult("the reply address does not belong to Slack");
        return await TryAsync(async limit =>
        {
            using var request = Request(address.AbsoluteUri, MessageWriter.WriteSlackReply(text));
            using var response = await ClientOf(channel)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            return Result(response, _clock.NowMs());
        }, CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _public.Dispose();
        _any.Dispose();
    }

    // Slack's API reports failures with HTTP 200 too: { "ok": false, "error": "channel_not_found" }.
    private Task<DeliveryResult> AskSlackAsync(
        Channel channel, string url, string method, byte[] body, ControlSnapshot documents,
        CancellationToken cancellationToken) => TryAsync(async limit =>
        {
            if (_channels.Open(channel.Document.Slack!.SealedToken, documents) is not { } token)
                return KeyGone;
            using var request = Request($"{url.TrimEnd('/')}/{method}", body);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await ClientOf(channel)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            var result = Result(response, _clock.NowMs());
            if (!result.IsDone)
                return result;
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, limit);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(limit));
            var said = answer.RootElement;
            if (said.ValueKind == JsonValueKind.Object && said.TryGetProperty("ok", out var ok)
                && ok.ValueKind == JsonValueKind.True)
                return new DeliveryResult(null, Receipt: Text(said, "ts"));
            return new DeliveryResult($"Slack responded: {Text(said, "error") ?? "an unreadable response"}");
        }, cancellationToken);

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= TextLengthMax } text
            ? text
            : null;

    private HttpClient ClientOf(Channel channel) => RuleOf(channel) == AddressRule.Public ? _public : _any;

    private static AddressRule RuleOf(Channel channel) =>
        channel.Document.AllowsPrivate ? AddressRule.Registered : AddressRule.Public;

    private async Task<DeliveryResult> TryAsync(
        Func<CancellationToken, Task<DeliveryResult>> send, CancellationToken cancellationToken)
    {
        using var limit = new LinkedTimeout(DeliveryTries.TimeLimit, _clock.Timers, cancellationToken);
        try
        {
            return await send(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult($"no response within {DeliveryTries.TimeLimit.TotalSeconds} s");
        }
        catch (JsonException)
        {
            return new DeliveryResult("Slack's response is not JSON");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException
            or SocketException or NotSupportedException)
        {
            return new DeliveryResult((e.InnerException ?? e) is AddressRefusedException refused
                ? $"{refused.Message}{(refused.Rule == AddressRule.Public ? AllowPrivate : "")}"
                : e.Message);
        }
    }

    private HttpRequestMessage Request(
        Channel channel, Notification notification, ControlSnapshot documents, string url)
    {
        var body = MessageWriter.Write(channel.Document.Kind, notification);
        var request = Request(url, body);
        if (channel.Document.Kind != ChannelKind.Webhook)
            return request;
        var nowMs = _clock.NowMs();
        var seconds = nowMs / 1000;
        var secrets = channel.Document.Secrets.Where(secret => secret.UntilMs is not { } until || nowMs < until)
            .Select(secret => _channels.Open(secret.Sealed, documents)).OfType<string>();
        request.Headers.Add("webhook-id", notification.Id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(secrets, notification.Id, seconds, body));
        return request;
    }

    private static HttpRequestMessage Request(string url, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("mcp-gateway", "1"));
        return request;
    }

    private static DeliveryResult Result(HttpResponseMessage response, long nowMs)
    {
        if (response.IsSuccessStatusCode)
            return DeliveryResult.Done;
        var wait = response.Headers.RetryAfter;
        return new DeliveryResult(
            (int)response.StatusCode is >= 300 and < 400
                ? $"HTTP {(int)response.StatusCode}: the address redirects, and redirects are not followed"
                : $"HTTP {(int)response.StatusCode}",
            wait?.Delta ?? (wait?.Date is { } date ? date - DateTimeOffset.FromUnixTimeMilliseconds(nowMs) : null),
            IsGone: response.StatusCode == HttpStatusCode.Gone);
    }

    private static HttpClient Client(OutboundConnector connector, AddressRule rule) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxConnectionsPerServer = 4,
        MaxResponseDrainSize = 0,
        ConnectCallback = async (context, cancellation) => await connector.OpenAsync(
            context.InitialRequestMessage.RequestUri!, rule, null, cancellation),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
