using System.Globalization;
using Gateway.Control.Updating;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Options;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.Extensions.Hosting.Systemd;

namespace Gateway.Hosting.Composition;

/// <summary>
/// Opens the process's listeners while it cannot reach its store or its fleet: <c>/livez</c> responds with 200,
/// everything else with 503 and <c>Retry-After</c>. Requests are not read. A start that takes less than a second opens
/// the listeners only once. As a hosted service, it frees the addresses for the server that starts last.
/// </summary>
/// <param name="settings">The settings of the process.</param>
/// <param name="time">Measures the delays.</param>
public sealed partial class StartupListener(HostSettings settings, TimeProvider time)
    : IHostedService, IAsyncDisposable
{
    private const string Unready = "not ready: the store or fleet that the gateway needs cannot be reached yet";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = SystemdNotice.ExtendEvery;
    private static readonly TimeSpan ConnectionCheck = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LeaveAtMost = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _released = new();
    private WebApplication? _app;
    private CancellationTokenRegistration _stopping;
    private Exception? _fault;
    private Task _extending = Task.CompletedTask;

    /// <summary>Canceled when the process is asked to stop while it waits, or its addresses cannot be used.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>True if the start took so long that the listeners were opened.</summary>
    public bool HasListened { get; private set; }

    /// <summary>Ends the start: the process is asked to stop.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Opens the listeners after a second, unless they were released by then.</summary>
    public StartupListener Begin()
    {
        _extending = ListenAfterGraceAsync();
        return this;
    }

    /// <summary>Retries, with growing pauses of at most 8 s, until the store or fleet is open.</summary>
    /// <param name="open">Opens it; canceled when the process is asked to stop.</param>
    /// <param name="isAway">Returns true if a failure can end by itself.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">The process was asked to stop while it waited.</exception>
    /// <exception cref="IOException">An address cannot be used; the message says which and why.</exception>
    public async Task<T> OpenAsync<T>(
        Func<CancellationToken, Task<T>> open, Func<Exception, bool> isAway, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                return await open(stop.Token);
            }
            catch (Exception) when (_fault is { } fault)
            {
                throw fault;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                throw new OperationCanceledException(stop.Token);
            }
            // Nobody asked to stop, so a cancellation is a timeout inside, and the process must not end as if it was
            // stopped. Its message says nothing, so its place is logged.
            catch (Exception e) when (isAway(e) || e is OperationCanceledException)
            {
                var log = await ListenAsync(stop.Token);
                var problem = e is OperationCanceledException ? e.ToString() : e.Message;
                LogAway(log, problem.ReplaceLineEndings(" "), delay.TotalSeconds);
                Notify(log);
                await Task.Delay(delay, time, stop.Token);
            }
        }
    }

    /// <summary>Closes the listeners, so that the process can open them for good.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _released.CancelAsync();
        await _extending;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_app is not { } app)
                return;
            _app = null;
            await _stopping.DisposeAsync();
            await LeaveAsync(app.Services);
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StartAsync(CancellationToken.None);
        _gate.Dispose();
        _stop.Dispose();
        _released.Dispose();
    }

    /// <summary>
    /// Responds to every client that has connected, so that none loses a call in the change of servers.
    /// </summary>
    private async Task LeaveAsync(IServiceProvider services)
    {
        using var patience = new CancellationTokenSource(LeaveAtMost, time);
        await services.GetRequiredService<DrainingTransport>().CloseAsync(time, patience.Token);
        var connections = services.GetRequiredService<OpenConnections>();
        while (connections.Count > 0 && !patience.IsCancellationRequested)
            await Task.Delay(ConnectionCheck, time, CancellationToken.None);
    }

    private async Task ListenAfterGraceAsync()
    {
        try
        {
            await Task.Delay(Grace, time, _released.Token);
            var log = await ListenAsync(_released.Token);
            await time.RepeatAsync(LongestDelay, () => Notify(log), _released.Token);
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // The start has completed, or the process ends.
        }
        catch (Exception e)
        {
            _fault = e;
            await _stop.CancelAsync();
        }
    }

    private async Task<ILogger> ListenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_app is null)
            {
                var app = Build();
                try
                {
                    await app.StartListeningAsync(cancellationToken);
                }
                catch
                {
                    await app.DisposeAsync();
                    throw;
                }

                (_app, HasListened) = (app, true);
                _stopping = app.Lifetime.ApplicationStopping.Register(Stop);
            }

            return _app.Services.GetRequiredService<ILogger<StartupListener>>();
        }
        finally
        {
            _gate.Release();
        }
    }

    private WebApplication Build()
    {
        var builder = HostBuilding.CreateListening(settings, out _);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<AdminListener>();
        builder.Services.AddDrainingTransport();
        var app = builder.Build();
        var seconds = ((int)LongestDelay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        app.Run(http =>
        {
            if (HttpProtocol.IsHttp11(http.Request.Protocol))
                http.Response.Headers.Connection = "close";
            if (http.Request.Path == "/livez")
                return PlainResponse.TextAsync(http, StatusCodes.Status200OK, "ok");
            http.Response.Headers.RetryAfter = seconds;
            return PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable, Unready);
        });
        return app;
    }

    private static void Notify(ILogger log) =>
        SystemdNotice.Extend(new SystemdNotifier(), log, "Waiting for the store or fleet");

    [LoggerMessage(LogLevel.Warning,
        "The gateway cannot start yet and denies every call: {Problem} It tries again in {Seconds} s.")]
    private static partial void LogAway(ILogger log, string problem, double seconds);
}
