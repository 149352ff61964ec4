using System.Globalization;
using System.Net;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Arguments;
using Gateway.Audit.Replaying;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Admin.Backtesting;

/// <summary>
/// The records of a fleet for one who replays them: each frontend sends its own (<c>/audit/recording</c>), values of
/// arguments as they lie sealed, so that none is shown to whoever asks.
/// </summary>
internal sealed class RecordExchange(
    AuditLogOptions log, RecordedArgumentsOptions arguments, IDataProtectionProvider protection, Readiness readiness,
    OutboundConnector connector)
    : IDisposable
{
    /// <summary>Frontends that a replay may name.</summary>
    public const int FrontendsMax = 256;

    private const string Path = "/audit/recording";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _sending = new(Backtests.RunningMax);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // The key goes to the frontend that was named, and through nothing between.
        UseProxy = false,
        ConnectTimeout = Patience,
        ConnectCallback = async (context, cancellation) => await connector.OpenAsync(
            context.DnsEndPoint.Host, context.DnsEndPoint.Port, AddressRule.Registered, cancellation),
    });

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet(Path, SendAsync).Requires(Permissions.Edit)
            .WithSummary("Sends this gateway's record to a frontend that replays it: JSON Lines, values of "
                + "arguments sealed.").Produces(200)
            .WithQuery(("since", "Unix milliseconds; earlier records may be left out. Default 0."));
    }

    /// <summary>How long values of arguments are kept.</summary>
    public TimeSpan ArgumentsAgeMax => arguments.AgeMax;

    /// <summary>This gateway's own record.</summary>
    public FolderSource Own(long oldestMs) => new(
        log.Directory, new ArgumentReader(arguments.Directory, protection, oldestMs));

    /// <summary>
    /// Has the other frontends begin to send theirs. One that is named twice, or is this one, is there once.
    /// </summary>
    /// <param name="frontends">Their addresses.</param>
    /// <param name="key">What they are asked with, as the <c>Authorization</c> of a request has it.</param>
    /// <param name="fromMs">What came before this instant may be left out.</param>
    /// <param name="oldestMs">Values of arguments from before this instant are too old.</param>
    /// <param name="cancellation">Ends it, and the reading of what is sent.</param>
    public async Task<(List<(string Frontend, RecordSource Source)> Sources, List<BacktestAway> Away)> AskAsync(
        IEnumerable<Uri> frontends, string? key, long fromMs, long oldestMs, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(frontends.Select(async frontend =>
        {
            var name = frontend.GetLeftPart(UriPartial.Authority);
            try
            {
                var source = await AskAsync(frontend, key, fromMs, oldestMs, cancellation);
                return (name, Source: (StreamSource?)source, Why: (string?)null);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                return (name, Source: (StreamSource?)null, Why: (string?)e.Message);
            }
        }));
        var (sources, away) = (new List<(string, RecordSource)>(), new List<BacktestAway>());
        HashSet<string> seen = [_instance];
        foreach (var (name, source, why) in answers)
        {
            if (source is null)
                away.Add(new BacktestAway(name, why!));
            else if (seen.Add(source.Instance))
                sources.Add((name, source));
            else
                source.Dispose();
        }

        return (sources, away);
    }

    public void Dispose()
    {
        _http.Dispose();
        _sending.Dispose();
    }

    private async Task<StreamSource> AskAsync(
        Uri frontend, string? key, long fromMs, long oldestMs, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend, string.Create(
            CultureInfo.InvariantCulture, $"{AdminRoute.Root}{Path}?since={fromMs}")));
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", key);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(Patience);
        HttpResponseMessage? response = null;
        StreamSource? source = null;
        try
        {
            response = await _http.SendAsync(request, waiting.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new IOException($"it answered {(int)response.StatusCode}{Meaning(response.StatusCode)}");
            var stream = FrontendStream.Of(await response.Content.ReadAsStreamAsync(waiting.Token), cancellation);
            source = await Task.Run(
                () => new StreamSource(stream, new ArgumentOpener(protection, oldestMs)), waiting.Token);
            return source;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds} s", e);
        }
        finally
        {
            if (source is null)
                response?.Dispose();
        }
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ": the key of this request may not edit there",
        HttpStatusCode.NotFound => ": it is no gateway of this release",
        HttpStatusCode.TooManyRequests => ": as many replays read its record as may",
        _ => "",
    };

    private async Task<AdminResponse> SendAsync(AdminCall call)
    {
        var since = call.Wanted("since") ?? "0";
        if (!long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var fromMs)
            || fromMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return Problems.Unreadable("\"since\" is not a time: write Unix milliseconds.");
        if (!await _sending.WaitAsync(TimeSpan.Zero, call.Aborted))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many",
                $"{Backtests.RunningMax} replays read this record, the most that may. Wait for one.");
        }

        return new AdminResponse(StatusCodes.Status200OK, ContentType: RecordStream.ContentType)
        {
            Stream = http => WriteAsync(http, fromMs),
        };
    }

    private async Task WriteAsync(HttpContext http, long fromMs)
    {
        try
        {
            // Whoever merges several reads each only as its turn comes.
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, readiness.Draining);
            using var source = Own(0);
            // Reading files is not for the thread of the request.
            await Task.Run(
                () => RecordStream.SendAsync(source, _instance, fromMs, http.Response.Body, stop.Token), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has gone, or this gateway goes: without its last line the record has broken off.
        }
        finally
        {
            _sending.Release();
        }
    }
}
