using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Audit.Writing;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Fleet;

/// <summary>
/// Compares the configuration file of this frontend with those of the others that share its store. Each frontend writes
/// digests of its objects to the store and renews its presence. A frontend that stops removes both; one that is killed
/// ages out.
/// </summary>
public sealed partial class FleetConfig : BackgroundService
{
    /// <summary>
    /// The interval at which a frontend renews its presence. On Azure, each write of a document writes all of them.
    /// </summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>The time after which a presence expires if it is not renewed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    // Documents that their frontend has not renewed for this long are removed by any other.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const string ConfigSuffix = "/config";

    private readonly FleetStanding _standing;
    private readonly IControlStore _store;
    private readonly SnapshotUpdater _control;
    private readonly AuditLog _audit;
    private readonly ProcessClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<FleetConfig> _logger;
    private readonly Lock _comparing = new();
    private (ConfigObjects Config, FleetConfigDocument Document, byte[] Bytes, string Digest)? _own;
    private (ControlSnapshot Documents, ConfigObjects Config, string Live)? _compared;
    private string? _published;
    private bool _isLost;

    /// <summary>Compares at once whenever the store or the configuration file changes.</summary>
    public FleetConfig(
        FleetStanding standing, IControlStore store, SnapshotUpdater control, AuditLog audit, ProcessClock clock,
        TimeProvider time, ILogger<FleetConfig> logger)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(store);
        (_standing, _store, _control, _audit) = (standing, store, control, audit);
        (_clock, _time, _logger) = (clock, time, logger);
        if (store.IsShared)
            control.Changed += Compare;
    }

    private string Writer => _audit.Evidence?.Writer ?? Environment.MachineName;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the listeners open, so that no call is admitted beyond what another frontend's file allows.
        if (_store.IsShared && _control.IsOpen)
        {
            Compare();
            await TryPublishAsync(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_published is null)
            return;
        using var waiting = new LinkedTimeout(Patience, _time, cancellationToken);
        try
        {
            await RemoveAsync(Writer, waiting.Token);
        }
        catch (Exception e)
        {
            // Its presence ages out.
            LogFailed(e.Message);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _control.Changed -= Compare;
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_store.IsShared)
            return;
        using var timer = new PeriodicTimer(Look, _time);
        var due = _time.GetTimestamp();
        try
        {
            do
            {
                // By the clock too: a frontend that was killed changes nothing in the store.
                if (_control.IsOpen)
                    Compare();
                if (_own is { } own && (own.Digest != _published || _time.GetElapsedTime(due) >= Every)
                    && await TryPublishAsync(stoppingToken))
                {
                    due = _time.GetTimestamp();
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The presence is removed by StopAsync.
        }
    }

    private async Task<bool> TryPublishAsync(CancellationToken cancellationToken)
    {
        using var waiting = new LinkedTimeout(Patience, _time, cancellationToken);
        try
        {
            var (_, _, bytes, digest) = _own!.Value;
            if (digest != _published)
                await PutAsync(Writer + ConfigSuffix, bytes, waiting.Token);
            var presence = new FleetPresence(_audit.Frontend, Now(), digest);
            await PutAsync(
                Writer, JsonSerializer.SerializeToUtf8Bytes(presence, FleetJson.Default.FleetPresence), waiting.Token);
            _published = digest;
            foreach (var name in Presences(_control.State.Documents)
                .Where(one => one.Name != Writer && one.Presence.At < Now() - Forgotten).Select(static one => one.Name))
            {
                await RemoveAsync(name, waiting.Token);
            }

            _isLost = false;
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, the next comparison tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
            return false;
        }
    }

    private async Task PutAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        var key = new ControlKey(ControlKinds.Fleet, name);
        var version = _control.State.Documents.Find(key)?.Version ?? 0;
        if ((await _store.WriteAsync(key, version, content, cancellationToken)).IsWritten)
            return;
        var known = (await _store.ReadAsync(cancellationToken)).Find(key);
        await _store.WriteAsync(key, known?.Version ?? 0, content, cancellationToken);
    }

    private async Task RemoveAsync(string writer, CancellationToken cancellationToken)
    {
        var documents = await _store.ReadAsync(cancellationToken);
        foreach (var name in (string[])[writer, writer + ConfigSuffix])
        {
            if (documents.Find(new ControlKey(ControlKinds.Fleet, name)) is { } document)
                await _store.DeleteAsync(document.Key, document.Version, cancellationToken);
        }
    }

    /// <summary>Compares the known documents; reads nothing from the store.</summary>
    private void Compare()
    {
        var state = _control.State;
        lock (_comparing)
        {
            if (_own is null || !ReferenceEquals(_own.Value.Config, state.Config))
            {
                var document = FleetConfigDocument.Of(state.Config);
                var bytes = document.ToBytes();
                _own = (state.Config, document, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
            }

            var own = _own.Value;
            var now = Now();
            var others = Presences(state.Documents)
                .Where(one => one.Name != Writer && one.Presence.At > now - Lease && one.Presence.Digest != own.Digest)
                .ToList();
            var live = string.Join(' ', others.Select(static one => one.Name));
            // A renewed presence changes the store but nothing that is compared here.
            if (_compared is { } last && ReferenceEquals(last.Config, state.Config) && last.Live == live
                && (others.Count == 0 || IsSame(last.Documents, state.Documents)))
                return;
            _compared = (state.Documents, state.Config, live);
            var configs =
                from other in others
                let config = ConfigOf(state.Documents, other.Name)
                where config is not null
                select (other.Presence.Frontend, config);
            var (limits, differences) = FleetLimits.Compare(state, own.Document, [.. configs]);
            _standing.Limits = limits;
            LogChange(differences);
        }
    }

    private void LogChange(IReadOnlyList<FleetDifference> differences)
    {
        var before = _standing.Differences;
        if (differences.Count == 0)
        {
            _standing.Differences = null;
            if (before is not null)
                LogAgree();
            return;
        }

        if (before is not null && before.All.SequenceEqual(differences))
            return;
        var now = new FleetDifferences(before?.Since ?? Now(), [.. differences]);
        _standing.Differences = now;
        LogDiffers(string.Join("; ", now.Texts));
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_clock.NowMs());

    /// <summary>Returns true if everything that a comparison reads, except presences, is unchanged.</summary>
    private static bool IsSame(ControlSnapshot before, ControlSnapshot now) =>
        now.IsSame(ControlKinds.Policies, before) && now.IsSame(ControlKinds.Grants, before)
        && Configs(before).SequenceEqual(Configs(now));

    private static IEnumerable<(string, long)> Configs(ControlSnapshot documents) =>
        documents.OfKind(ControlKinds.Fleet)
            .Where(static one => one.Key.Name.EndsWith(ConfigSuffix, StringComparison.Ordinal))
            .Select(static one => (one.Key.Name, one.Version));

    private static IEnumerable<(string Name, FleetPresence Presence)> Presences(ControlSnapshot documents) =>
        from document in documents.OfKind(ControlKinds.Fleet)
        where !document.Key.Name.EndsWith(ConfigSuffix, StringComparison.Ordinal)
        let presence = document.ReadOrNull(FleetJson.Default.FleetPresence)
        where presence is not null
        select (document.Key.Name, presence);

    private static FleetConfigDocument? ConfigOf(ControlSnapshot documents, string writer) =>
        documents.Find(new ControlKey(ControlKinds.Fleet, writer + ConfigSuffix)) is { } document
            ? document.ReadOrNull(FleetJson.Default.FleetConfigDocument)
            : null;


    [LoggerMessage(1, LogLevel.Warning,
        "The configuration files of this gateway and of others that share its store differ: {Differences}. Give all "
            + "gateways the same file.")]
    private partial void LogDiffers(string differences);

    [LoggerMessage(2, LogLevel.Information, "All gateways that share the store have the same configuration file again")]
    private partial void LogAgree();

    [LoggerMessage(3, LogLevel.Information,
        "The configuration files of the fleet could not be compared and will be compared again: {Why}")]
    private partial void LogFailed(string why);
}
