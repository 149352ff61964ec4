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
/// Collects the records of a fleet for a replay. Each frontend sends its own (<c>/audit/recording</c>). Values of
/// arguments stay sealed, so the caller never sees them.
/// </summary>
internal sealed class RecordExchange(
    AuditLogOptions log, RecordedArgumentsOptions arguments, IDataProtectionProvider protection, Readiness readiness,
    OutboundConnector connector)
    : IDisposable
{
    /// <summary>The maximum number of frontends of a replay.</summary>
    public const int FrontendsMax = 256;

    private const string Path = "/audit/recording";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _sending = new(Backtests.RunningMax);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // The key must only reach the specified frontend, so no proxy is used.
        UseProxy = false,
        ConnectTimeout = Patience,
        ConnectCallback = async (context, cancellation) => await connector.OpenAsync(
            context.DnsEndPoint.Host, context.DnsEndPoint.Port, AddressRule.Registered, cancellation),
    });

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet(Path, SendAsync).Requires(Permissions.Edit)
            .WithSummary("Sends this gateway's audit records, as JSON Lines, to a frontend that replays them. The "
                + "values of arguments are encrypted.").Produces(200)
            .WithQuery(("since", "A time in Unix milliseconds: records from before that time may be omitted. Default: "
                + "0."));
    }

    /// <summary>The retention time of values of arguments.</summary>
    public TimeSpan ArgumentsAgeMax => arguments.AgeMax;

    /// <summary>Returns this gateway's own record.</summary>
    public FolderSource Own(long oldestMs) => new(
        log.Directory, new ArgumentReader(arguments.Directory, protection, oldestMs));

    /// <summary>
    /// Requests the other frontends' records. A frontend that is specified twice, or is this one, is included once.
    /// </summary>
    /// <param name="frontends">Their addresses.</param>
    /// <param name="key">The <c>Authorization</c> header of the requests.</param>
    /// <param name="fromMs">The start; earlier records may be omitted.</param>
    /// <param name="oldestMs">The instant before which values of arguments have expired.</param>
    /// <param name="cancellation">Cancels the requests and the reading of the responses.</param>
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
                throw new IOException($"it returned {(int)response.StatusCode}{Meaning(response.StatusCode)}");
            var stream = FrontendStream.Of(await response.Content.ReadAsStreamAsync(waiting.Token), cancellation);
            source = await Task.Run(
                () => new StreamSource(stream, new ArgumentOpener(protection, oldestMs)), waiting.Token);
            return source;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no response within {Patience.TotalSeconds} s", e);
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
        HttpStatusCode.NotFound => ": it is not a gateway of this release",
        HttpStatusCode.TooManyRequests => ": the maximum number of replays is reading its audit log",
        _ => "",
    };

    private async Task<AdminResponse> SendAsync(AdminCall call)
    {
        var since = call.Wanted("since") ?? "0";
        if (!long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var fromMs)
            || fromMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return Problems.Unreadable("\"since\" must be a time in Unix milliseconds.");
        if (!await _sending.WaitAsync(TimeSpan.Zero, call.Aborted))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many",
                $"{Backtests.RunningMax} replays are reading the audit log of this gateway, the maximum. Try again "
                    + "later.");
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
            // A reader that merges several records may pause each until its turn comes.
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, readiness.Draining);
            using var source = Own(0);
            // File I/O is synchronous, so it runs outside the request's thread.
            await Task.Run(
                () => RecordStream.SendAsync(source, _instance, fromMs, http.Response.Body, stop.Token), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The client disconnected or this gateway is stopping: without its last line, the record counts as
            // truncated.
        }
        finally
        {
            _sending.Release();
        }
    }
}
