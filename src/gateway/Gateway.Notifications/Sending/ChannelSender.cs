using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.Sockets;
using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Limits.Model;
using Gateway.Notifications.Channels;
using Gateway.Notifications.Messages;

namespace Gateway.Notifications.Sending;

/// <summary>
/// Posts messages. Nothing is followed and nothing of an answer is read but its status; an address of a private network
/// is refused at the connection, so that no name that changes what it stands for leads there.
/// </summary>
public sealed class ChannelSender : IDisposable
{
    /// <summary>How long one try may take.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    private readonly ChannelStore _channels;
    private readonly ProcessClock _clock;
    private readonly HttpClient _public = Client(allowsPrivate: false);
    private readonly HttpClient _any = Client(allowsPrivate: true);

    /// <summary>A sender whose addresses and secrets are in this store.</summary>
    public ChannelSender(ChannelStore channels, ProcessClock clock) => (_channels, _clock) = (channels, clock);

    /// <summary>Tells a channel once.</summary>
    /// <param name="channel">Whom.</param>
    /// <param name="notification">What; with arguments only where the channel is to have them.</param>
    /// <param name="documents">The store's, with the keys.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<DeliveryResult> SendAsync(
        Channel channel, Notification notification, ControlSnapshot documents, CancellationToken cancellationToken)
    {
        if (_channels.Open(channel.Document.SealedUrl, documents) is not { } url)
            return new DeliveryResult("its address cannot be decrypted: the key is gone; add the channel anew");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            if (channel.Document.Kind == ChannelKind.Email)
                return await MailSender.SendAsync(url, channel.Document.AllowsPrivate, notification, limit.Token);
            using var request = Request(channel, notification, documents, url);
            using var response = await (channel.Document.AllowsPrivate ? _any : _public)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return Result(response, _clock.NowMs());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult($"no answer within {TimeLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException
            or SocketException)
        {
            return new DeliveryResult((e.InnerException as PrivateAddressException ?? e).Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _public.Dispose();
        _any.Dispose();
    }

    private HttpRequestMessage Request(
        Channel channel, Notification notification, ControlSnapshot documents, string url)
    {
        var body = MessageWriter.Write(channel.Document.Kind, notification);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("mcp-gateway", "1"));
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

    private static DeliveryResult Result(HttpResponseMessage response, long nowMs)
    {
        if (response.IsSuccessStatusCode)
            return DeliveryResult.Done;
        var wait = response.Headers.RetryAfter;
        return new DeliveryResult(
            (int)response.StatusCode is >= 300 and < 400
                ? $"HTTP {(int)response.StatusCode}: the address points elsewhere, which is not followed"
                : $"HTTP {(int)response.StatusCode}",
            wait?.Delta ?? (wait?.Date is { } date ? date - DateTimeOffset.FromUnixTimeMilliseconds(nowMs) : null),
            IsGone: response.StatusCode == HttpStatusCode.Gone);
    }

    private static HttpClient Client(bool allowsPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxConnectionsPerServer = 4,
        MaxResponseDrainSize = 0,
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, allowsPrivate, cancellation),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target, bool allowsPrivate, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        if (!allowsPrivate && Array.Find(addresses, static address => !GlobalAddress.Is(address)) is { } found)
            throw new PrivateAddressException(target.Host, found);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
