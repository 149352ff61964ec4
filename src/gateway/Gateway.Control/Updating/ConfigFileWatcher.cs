using System.Collections.Immutable;
using Gateway.Audit.Records;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Updating;

/// <summary>
/// Reads the configuration file again when its content, or that of a policy file it names, has changed. An invalid edit
/// is reported and changes nothing. Checks once a second, and at once when the file system reports a change: a mounted
/// ConfigMap is a symbolic link, whose changes not every file system reports.
/// </summary>
public sealed partial class ConfigFileWatcher : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConfigFileOptions _options;
    private readonly SnapshotUpdater _control;
    private readonly ProcessClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<ConfigFileWatcher> _logger;
    private readonly Lazy<IConfigRecord>? _record;
    private volatile ConfigFiles _files = new();
    private volatile ConfigFiles? _inForce;
    private volatile ConfigStatus _status = ConfigStatus.NoFile;

    /// <summary>Creates a watcher, which reads nothing until it is opened.</summary>
    public ConfigFileWatcher(
        ConfigFileOptions options,
        SnapshotUpdater control,
        ProcessClock clock,
        TimeProvider time,
        ILogger<ConfigFileWatcher> logger,
        Lazy<IConfigRecord>? record = null)
    {
        (_options, _control, _clock, _time, _logger) = (options, control, clock, time, logger);
        _record = record;
    }

    /// <summary>The state of the file at its last reading.</summary>
    public ConfigStatus Status => _status;

    /// <summary>Reads the file for the first time and opens the control plane with it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="read">
    /// The result of a reading just before; null if there was none. The file is read once more if one of its policies
    /// names a list, or a budget that is not in it: they may be in the store.
    /// </param>
    /// <returns>The administrator's key, if one had to be created: to be shown once.</returns>
    /// <exception cref="InvalidOperationException">
    /// The configuration is invalid; the message lists the problems.
    /// </exception>
    /// <exception cref="ControlStoreException">The control store cannot be reached or read.</exception>
    public async Task<string?> OpenAsync(CancellationToken cancellationToken, ConfigResult? read = null)
    {
        if (_options.Path is not { } path)
            return await _control.OpenAsync(WithPublicUrl(ConfigObjects.None), cancellationToken);
        var result = read?.Config?.Objects is { } file && file.Policies.Values.All(
                one => one.Policy.Lists.Count == 0 && one.Policy.Budgets.All(file.Budgets.ContainsKey))
            ? read
            : ConfigLoader.Load(path, _options.Environment, await _control.ReadNamedAsync(cancellationToken));
        Remember(path, result);
        if (result.Config is not { } config)
            throw new InvalidOperationException(string.Join('\n', result.Problems));
        var key = await _control.OpenAsync(WithPublicUrl(config), cancellationToken);
        if (_record is not null)
            await _record.Value.StartAsync(path, result.Files.Digests(FolderOf(path)));
        return key;
    }

    /// <summary>Returns the changes that another file would make to the current configuration, in words.</summary>
    /// <param name="config">The other file.</param>
    /// <param name="read">Reads a policy file that it names.</param>
    public IReadOnlyList<string> Compare(byte[] config, Func<string, byte[]?> read)
    {
        var (before, readBefore) = InForce();
        return ConfigChanges.Between(before, readBefore, config, read);
    }

    /// <summary>
    /// Returns the counters that another file would start at zero, in words; null if the file can only be read on the
    /// machine for which it is meant.
    /// </summary>
    /// <param name="config">The other file.</param>
    /// <param name="read">Reads a policy file that it names.</param>
    public IReadOnlyList<string>? Restarts(byte[] config, Func<string, byte[]?> read) =>
        ConfigLoader.LoadSent(_options.Path ?? "gateway.json", config, read, StoredNames) is { } objects
            ? Restarts(objects)
            : null;

    /// <summary>
    /// Returns the changes that the present content of the file would make, and the counters that it would start at
    /// zero; for an invalid file, its problems.
    /// </summary>
    public (IReadOnlyList<string> Changes, IReadOnlyList<string> Restarts, ImmutableArray<PolicyProblem> Problems) Look(
        string path)
    {
        var result = ConfigLoader.Load(path, _options.Environment, StoredNames);
        var folder = FolderOf(path);
        return result.Config is null || result.Files.Find(path) is not { } file
            ? ([], [], result.Problems)
            : (
                Compare(file, name => result.Files.Find(Path.Combine(folder, name))), Restarts(result.Config.Objects),
                []);
    }

    /// <summary>Reads the file now, changed or not (SIGHUP).</summary>
    /// <param name="cancellationToken">Stops waiting; the change may have been made.</param>
    /// <param name="by">The operator who requested it; null if the file or a signal caused it.</param>
    /// <returns>True if the file was valid and is in effect.</returns>
    /// <exception cref="IOException">The audit log cannot be written; nothing was changed.</exception>
    /// <exception cref="ControlStoreException">The control store cannot be reached; nothing was changed.</exception>
    public async Task<bool> ReloadAsync(CancellationToken cancellationToken, Actor? by = null)
    {
        if (_options.Path is not { } path)
            return true;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var result = ConfigLoader.Load(path, _options.Environment, StoredNames);
            if (result.Config is { } config)
            {
                var restarts = Restarts(config.Objects);
                try
                {
                    await ApplyAsync(path, result.Files, by, () =>
                        _control.ApplyAsync(WithPublicUrl(config), cancellationToken));
                }
                catch (Exception e) when (IsPassing(e))
                {
                    Wait(path, e.Message);
                    throw;
                }

                foreach (var restart in restarts)
                    LogRestart(restart);
            }

            Remember(path, result);
            return result.Config is not null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Path is not { } path)
            return;
        using var changed = new SemaphoreSlim(0, 1);
        using var watcher = TryWatch(path, changed);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await changed.WaitAsync(Interval, stoppingToken);
                if (_status.IsWaiting || _files.HaveChanged())
                    await ReloadAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (IsPassing(e) && _status.IsWaiting)
            {
                // The log and the status report it; the next check tries again.
            }
            catch (Exception e)
            {
                // Whatever failed, the watch goes on: the next check finds the change again.
                LogFailed(path, e);
            }
        }
    }

    private static bool IsPassing(Exception error) => error is ControlStoreException or IOException;

    // Not applied without the store, even if calls go on with the last known state: the change could not be recorded,
    // and the other gateways would decide by the file that they have.
    private void Wait(string path, string why)
    {
        var problem = $"The file has changed but is not applied yet ({why.TrimEnd('.')}). "
            + "The gateway applies it once this problem ends.";
        if (!_status.IsWaiting)
            LogWaits(path, why.TrimEnd('.'));
        _status = new ConfigStatus(path, false, _status.LoadedAtMs, [problem], []) { IsWaiting = true };
    }

    private async Task ApplyAsync(string path, ConfigFiles files, Actor? by, Func<Task> apply)
    {
        // A reload of unchanged files picks up the environment and the store; it is not a change of the files.
        if (_record is null || files.Find(path) is not { } after || files.Fingerprint == _inForce?.Fingerprint)
        {
            await apply();
            return;
        }

        var folder = FolderOf(path);
        var (before, readBefore) = InForce();
        var change = new ConfigFileChange(
            path, files.Digests(folder),
            ConfigChanges.Between(before, readBefore, after, Read),
            ConfigChanges.Objects(before, readBefore, after, Read));
        await _record.Value.ApplyAsync(by, change, apply);

        byte[]? Read(string file) => files.Find(Path.Combine(folder, file));
    }

    private (byte[]? File, Func<string, byte[]?> Read) InForce()
    {
        var (path, files) = (_options.Path, _inForce);
        return (
            path is null ? null : files?.Find(path),
            file => path is null ? null : files?.Find(Path.Combine(FolderOf(path), file)));
    }

    private IReadOnlyList<string> Restarts(DefinitionSet file)
    {
        var state = _control.State;
        return CounterRestarts.Between(state.Objects, DefinitionSet.Merge(file, state.Stored));
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "";

    private NamedLists StoredNames => _control.State.Stored.Named;

    /// <summary>
    /// Applies the address with which the process was started, which takes precedence over the file's.
    /// </summary>
    private ConfigObjects WithPublicUrl(ConfigObjects config) => _options.PublicUrl is { } url
        ? config with { PublicUrl = url, Edge = config.Edge.With(url) }
        : config;

    private void Remember(string path, ConfigResult result)
    {
        // An invalid file is remembered too, so that it is reported once and read again when it changes.
        _files = result.Files;
        if (result.Config is not null)
            _inForce = result.Files;
        string[] problems = [.. result.Problems.Select(static problem => problem.ToString())];
        string[] warnings = [.. result.Warnings.Select(static warning => warning.ToString())];
        var loadedAt = result.Config is null ? _status.LoadedAtMs : _clock.NowMs();
        _status = new ConfigStatus(path, result.Config is not null, loadedAt, [.. problems], [.. warnings]);
        foreach (var problem in problems)
            LogProblem(problem);
        foreach (var warning in warnings)
            LogWarning(warning);
        if (result.Config is null)
            LogKept(path);
        else
            LogLoaded(path);
    }

    private static FileSystemWatcher? TryWatch(string path, SemaphoreSlim changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(path))!);
            watcher.Changed += (_, _) => Notify(changed);
            watcher.Created += (_, _) => Notify(changed);
            watcher.Renamed += (_, _) => Notify(changed);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // Too many watches, or a file system without them: the check each second finds the change.
            return null;
        }
    }

    private static void Notify(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Already notified, or the watch is over.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The configuration {Path} could not be checked")]
    private partial void LogFailed(string path, Exception exception);

    [LoggerMessage(7, LogLevel.Error,
        "The configuration {Path} has changed but is not applied yet ({Why}). The previous configuration stays active "
            + "until this problem ends")]
    private partial void LogWaits(string path, string why);

    [LoggerMessage(2, LogLevel.Error, "configuration: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(5, LogLevel.Warning, "configuration: {Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(6, LogLevel.Warning, "configuration: the reload had to {Restart}")]
    private partial void LogRestart(string restart);

    [LoggerMessage(3, LogLevel.Error, "The configuration {Path} is not valid; the last valid configuration stays "
        + "active")]
    private partial void LogKept(string path);

    [LoggerMessage(4, LogLevel.Information, "The configuration {Path} is active")]
    private partial void LogLoaded(string path);
}
