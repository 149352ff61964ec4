using System.Collections.Frozen;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Lists;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Updating;

/// <summary>
/// Keeps the current snapshot equal to the control store and the configuration file. It is the only way to a new
/// snapshot: after a change, call <see cref="RefreshAsync"/>; on return, every later call is evaluated by it.
/// </summary>
public sealed partial class SnapshotUpdater : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    // The wait for a change reports nothing until a change or the end of its interval; this probes in between. Without
    // it, an idle store would reach an age of one to two seconds, and its loss would refuse calls after three.
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly GrantStates _grants = new();
    private readonly IControlStore _store;
    private readonly SecretProtector _secrets;
    private readonly SnapshotHolder _snapshots;
    private readonly StoreStaleness _freshness;
    private readonly ProcessClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<SnapshotUpdater> _logger;
    private readonly DocumentReader _stored;
    private readonly GrantEnds _ends;
    private volatile ControlState _state = ControlState.Empty;
    private volatile bool _isOpen;
    private bool _isLost;

    /// <summary>Creates an updater, which reads nothing until the host starts.</summary>
    public SnapshotUpdater(
        IControlStore store,
        SecretProtector secrets,
        SnapshotHolder snapshots,
        StoreStaleness freshness,
        ProcessClock clock,
        TimeProvider time,
        ILogger<SnapshotUpdater> logger)
    {
        (_store, _secrets, _snapshots, _freshness) = (store, secrets, snapshots, freshness);
        (_clock, _time, _logger) = (clock, time, logger);
        _stored = new DocumentReader(secrets);
        _ends = new GrantEnds(store);
    }

    /// <summary>The current state.</summary>
    public ControlState State => _state;

    /// <summary>
    /// Raised each time that <see cref="State"/> has other documents, before the caller that changed them goes on.
    /// </summary>
    public event Action? Changed;

    /// <summary>False if the state is not based on a store.</summary>
    internal bool IsOpen => _isOpen;

    /// <summary>
    /// Reads the store and applies it together with the configuration, before the first request is accepted.
    /// </summary>
    /// <returns>The administrator's key, if one had to be created: to be shown once.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    internal async Task<string?> OpenAsync(ConfigObjects config, CancellationToken cancellationToken)
    {
        var key = config.AdminKey is null ? await AdminKeys.EnsureAsync(_store, cancellationToken) : null;
        await ApplyAsync(config, cancellationToken);
        await _secrets.OpenAsync(cancellationToken);
        _isOpen = true;
        return key;
    }

    /// <summary>Reads the lists and budgets that the store contains now, before anything is in effect.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    internal async Task<NamedLists> ReadNamedAsync(CancellationToken cancellationToken) =>
        _stored.Read(await _store.ReadAsync(cancellationToken), out _).Named;

    /// <summary>Applies the present content of the store.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    public Task RefreshAsync(CancellationToken cancellationToken) => ApplyAsync(config: null, cancellationToken);

    /// <summary>Applies another configuration file; null keeps the current one.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    internal async Task ApplyAsync(ConfigObjects? config, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var asked = _time.GetTimestamp();
            var documents = await GrantLengths.BeginAsync(
                _store, config ?? _state.Config, _clock.NowMs(), cancellationToken);
            _secrets.Update(documents);
            var ended = GrantEnds.Read(documents, _state);
            var isSameEnds = ended == _grants.Ended;
            _grants.Ended = ended;
            if (config is not null || !IsSameBut(documents, ControlKinds.Grants))
                await PutInForceAsync(Read(documents, config ?? _state.Config));
            else if (documents.IsSame(ControlKinds.Grants, _state.Documents))
                _state = _state with { Documents = documents };
            else
                await PutGrantsInForceAsync(documents);
            if (!isSameEnds)
                MarkEnded(ended);
            Changed?.Invoke();
            // Not earlier: a process that was cut off must not serve ended grants while it learns that they have ended.
            _freshness.ReachedAt(asked);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FollowAllAsync(stoppingToken), ProbeAllAsync(stoppingToken));

    private async Task FollowAllAsync(CancellationToken stoppingToken)
    {
        // A host that was never opened has nothing to follow.
        while (_isOpen && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
                _isLost = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever failed, the loop goes on: without it a revoked grant would stay in effect.
                if (!_isLost)
                    LogUnreachable(e.Message);
                _isLost = true;
                await Task.Delay(RetryAfter, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Checks that a shared store still contains the state that is in effect.</summary>
    private async Task ProbeAllAsync(CancellationToken stoppingToken)
    {
        while (_isOpen && _store.IsShared && !stoppingToken.IsCancellationRequested)
        {
            var asked = _time.GetTimestamp();
            try
            {
                var revision = await _store.WaitAsync(_state.Documents.Revision, TimeSpan.Zero, stoppingToken);
                if (revision == _state.Documents.Revision)
                    _freshness.ReachedAt(asked);
            }
            catch (Exception e)
            {
                // The loop that follows the store reports its loss; this one only notes that it can be reached.
                LogNotReached(e.Message);
            }

            await Task.Delay(ProbeEvery, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        var revision = await _store.WaitAsync(_state.Documents.Revision, Tick, cancellationToken);
        if (revision == _state.Documents.Revision)
            _freshness.ReachedAt(asked);
        else
        {
            await RefreshAsync(cancellationToken);
            // A store that serves older documents than it announces would otherwise be read again at once, forever.
            if (_state.Documents.Revision < revision)
                await Task.Delay(RetryAfter, _time, cancellationToken);
        }

        await _secrets.WriteKeysAsync(cancellationToken);
        await _grants.EndExpiredAsync(_clock.NowMs());
        await StoreEndsAsync(cancellationToken);
    }

    /// <summary>Stores which grants have expired. An untrusted clock ends nothing for good.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async Task StoreEndsAsync(CancellationToken cancellationToken)
    {
        if (_clock.TrustedMs() is { } trustedMs)
            await _ends.WriteAsync(_state, trustedMs, cancellationToken);
    }

    private void MarkEnded(FrozenDictionary<string, long> ended)
    {
        var grants = _state.Objects.Grants;
        foreach (var name in ended.Keys.Union(_state.Ended.Keys).Select(GrantEnds.GrantOf))
        {
            if (grants.TryGetValue(name, out var grant))
                _grants.MarkEnded(grant);
        }

        _state = _state with { Ended = ended };
    }

    /// <summary>
    /// Returns true if nothing that a call depends on has changed, except documents of one kind. Approvals, last uses,
    /// operators and the like come and go, and no snapshot depends on them.
    /// </summary>
    private bool IsSameBut(ControlSnapshot documents, string kind) => documents.Kinds
        .Union(_state.Documents.Kinds)
        .Where(other => other != kind && !ControlKinds.IsOfNoCall(other))
        .All(other => documents.IsSame(other, _state.Documents));

    private ControlState Read(ControlSnapshot documents, ConfigObjects config)
    {
        var stored = _stored.Read(documents, out var problems);
        var generations = DocumentReader.Generations(documents);
        var objects = DefinitionSet.Merge(GrantLengths.End(config.Objects, documents), stored);
        objects = objects with { Budgets = Budget.WithCounters(objects.Budgets, generations.Apply) };
        var lists = objects.Named;
        var unlisted =
            from policy in objects.Policies.Values
            from use in policy.Policy.Lists
            let problem = lists.Problem(use)
            where problem is not null
            select $"policy {policy.Name}: {problem}; calls that its rules compare with that list are denied";
        var uncharged =
            from grant in objects.Grants.Values
            from one in objects.Uncharged(grant)
            select $"grant {grant.Name}, policy {one.Policy}: {one.Why}; calls that would be charged to that budget "
                + "are denied";
        var matched = objects.Grants.Values.Where(static grant => grant.Match is not null).ToList();
        var unmatched = matched.Where(grant => config.Callers.Issuers.All(one => one.Name != grant.Match!.Issuer))
            .Select(static grant =>
                $"grant {grant.Name}: there is no issuer {grant.Match!.Issuer}, so no token selects this grant")
            .Concat(matched
                .GroupBy(static grant => (grant.Match!.Order, grant.Match.Order == 0 ? grant.Match.Issuer : ""))
                .Where(static same => same.Count() > 1)
                .Select(static same => "grants "
                    + string.Join(" and ", same.Select(static grant => grant.Name).Order(StringComparer.Ordinal))
                    + $": their \"order\" is {(same.Key.Order == 0 ? "absent" : same.Key.Order)}, so they are tried in "
                    + "the order of their names"));
        var unnamed = new List<string>();
        var names = ServerNamesReader.Read(documents, objects, config.Objects, unnamed);
        return new ControlState
        {
            Documents = documents,
            Names = names,
            Stored = stored,
            Config = config,
            Objects = objects,
            AdminKey = config.AdminKey ?? DocumentReader.AdminKey(documents),
            Pauses = DocumentReader.Pauses(documents),
            Problems = [.. problems, .. unnamed, .. unlisted, .. uncharged, .. unmatched],
            IsAllRead = problems.IsEmpty,
            Generations = generations,
            Ended = _grants.Ended,
        };
    }

    /// <summary>
    /// Grants come and go individually, and there may be very many: only the changed ones are read. If one of them has
    /// a problem, all documents are read.
    /// </summary>
    private async Task PutGrantsInForceAsync(ControlSnapshot documents)
    {
        if (GrantChanges.Find(_state, documents, _stored) is not { } changes)
        {
            await PutInForceAsync(Read(documents, _state.Config));
            return;
        }

        var state = changes.Apply(_state, documents);
        var ended = _grants.Renew(changes.InForce, state.Pauses, _clock.NowMs());
        await ReplaceAsync(
            state,
            SnapshotBuilder.Change(
                _snapshots.Current, changes.Definitions, state.Objects, state.Generations, _grants) ?? Build(state),
            ended);
    }

    private Task PutInForceAsync(ControlState state)
    {
        foreach (var problem in state.Problems.Except(_state.Problems))
            LogProblem(problem);
        var ended = _grants.Renew(state.Objects.Grants, state.Pauses, _clock.NowMs());
        return ReplaceAsync(state, Build(state), ended);
    }

    private GatewaySnapshot Build(ControlState state) => SnapshotBuilder.Build(
        state.Objects, state.Config.Edge, state.Generations, state.Pauses, _grants, state.Config.OAuth, state.Names,
        state.Config.Callers);

    private async Task ReplaceAsync(ControlState state, GatewaySnapshot snapshot, List<AccessState> ended)
    {
        _snapshots.Replace(snapshot);
        _state = state;

        // Only now: a client whose stream closes and that reconnects at once must find the new snapshot.
        foreach (var access in ended)
            await access.EndAsync();
    }

    [LoggerMessage(1, LogLevel.Information,
        "The control store could not be read; the gateway retries until it can: {Why}")]
    private partial void LogUnreachable(string why);

    [LoggerMessage(3, LogLevel.Debug, "The control store was not reached: {Why}")]
    private partial void LogNotReached(string why);

    [LoggerMessage(2, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(string problem);
}
