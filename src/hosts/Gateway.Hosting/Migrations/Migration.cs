using Gateway.Control.Storage;
using Gateway.Hosting.Backups;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Migrations;

/// <summary>A migration as the operator requests it.</summary>
/// <param name="From">The source: a data directory, or the URL of a database.</param>
/// <param name="To">The target.</param>
/// <param name="Replaces">True if a target whose own content has moved away may be filled again.</param>
/// <param name="Patience">The time for which it waits for gateways on the source to stop.</param>
internal sealed record MigrationRequest(string From, string To, bool Replaces, TimeSpan Patience);

/// <summary>
/// Moves the content of a store to another one: documents, archive and counters. Each step is durable before the next
/// begins, and a command that was stopped continues where it was:
/// <list type="number">
/// <item>The target is marked, so that no gateway starts on it.</item>
/// <item>No gateway uses the source.</item>
/// <item>The source is marked, so that no gateway starts on it again.</item>
/// <item>The content and the mark of its arrival are put in the target.</item>
/// </list>
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="say">Prints a line after each step.</param>
internal sealed class Migration(TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <exception cref="BackupException">
    /// The source or the target cannot be used; the message says what to do.
    /// </exception>
    public async Task RunAsync(MigrationRequest request, CancellationToken cancellation)
    {
        await using var source = await MigrationStore.OpenAsync(request.From, false, true, cancellation);
        await using var target = await MigrationStore.OpenAsync(request.To, true, true, cancellation);
        var (from, to) = (await source.ReadMarkAsync(cancellation), await target.ReadMarkAsync(cancellation));
        if (IsComplete(from, to))
        {
            say($"The content of {source.Place} is already in {target.Place}.");
            return;
        }

        Check(source, target, from, to, request.Replaces);
        var id = await MarkTargetAsync(source, target, to, request.Replaces, cancellation);
        say($"1/4  {target.Place} waits for the content: a gateway that is started on it responds with 503 until then");
        await WaitAsync(source, request.Patience, cancellation);
        say($"2/4  no gateway uses {source.Place}");
        // A damaged file is detected while the source can still be used.
        if (source is FolderStore)
            _ = await source.ReadAsync(time.GetUtcNow(), hasCounters: true, cancellation);
        if (from is null or { State: MigrationState.Started or MigrationState.Arrived })
            await source.WriteMarkAsync(Mark(id, MigrationState.MovedAway, target), cancellation);
        say($"3/4  {source.Place} is closed: no gateway starts on it");
        var content = await source.ReadAsync(time.GetUtcNow(), hasCounters: true, cancellation);
        await target.FillAsync(
            content, Mark(id, MigrationState.Arrived, source), time.GetUtcNow(), cancellation);
        say($"4/4  {target.Place} has {Describe(content)}");
    }

    /// <summary>Describes what a run would do, and changes nothing.</summary>
    /// <exception cref="BackupException">A run would be refused.</exception>
    public async Task PlanAsync(MigrationRequest request, CancellationToken cancellation)
    {
        await using var source = await MigrationStore.OpenAsync(request.From, false, false, cancellation);
        await using var target = await MigrationStore.OpenAsync(request.To, true, false, cancellation);
        var (from, to) = (await source.ReadMarkAsync(cancellation), await target.ReadMarkAsync(cancellation));
        if (IsComplete(from, to))
        {
            say($"The content of {source.Place} is already in {target.Place}.");
            return;
        }

        Check(source, target, from, to, request.Replaces);
        if (to is not { State: MigrationState.Incoming or MigrationState.MovedAway })
            await RequireEmptyAsync(target, cancellation);
        var users = await source.UsersAsync(cancellation);
        var content = await source.ReadAsync(time.GetUtcNow(), users is null, cancellation);
        say($"would move  {Describe(content)}");
        var inUse = users is null ? "" : $" (used by {users}: stop the gateway there when the command asks for it)";
        say($"from        {source.Place}{inUse}");
        say($"to          {target.Place}");
        say("stays       the audit log, recorded arguments and the configuration file");
        say("Nothing was changed.");
    }

    /// <summary>Undoes a migration while no gateway has started on its target.</summary>
    /// <exception cref="BackupException">There is no such migration, or it cannot be undone.</exception>
    public async Task UndoAsync(MigrationRequest request, CancellationToken cancellation)
    {
        await using var source = await MigrationStore.OpenAsync(request.From, false, true, cancellation);
        await using var target = await MigrationStore.OpenAsync(request.To, true, true, cancellation);
        var (from, to) = (await source.ReadMarkAsync(cancellation), await target.ReadMarkAsync(cancellation));
        var isClosed = from?.State == MigrationState.MovedAway;
        if (to is null || (isClosed ? to.Id != from!.Id
            : to.State != MigrationState.Incoming || to.Other != source.Place))
        {
            throw new BackupException($"There is no migration from {source.Place} to {target.Place} that can be "
                + "undone.");
        }

        if (target is FolderStore && await target.UsersAsync(cancellation) is { } users)
            throw new BackupException($"{target.Place} is used by {users}. Stop the gateway that runs there first.");
        if (!await target.TryReclaimAsync(cancellation))
        {
            throw new BackupException($"A gateway has started on {target.Place} since the migration, and its calls "
                + "are counted only there. Move the content back: "
                + $"gateway migrate --replace --from {target.Place} --to {source.Place}");
        }

        var mark = to with { State = MigrationState.Incoming };
        await target.FillAsync(StoreContent.Empty, mark, time.GetUtcNow(), cancellation);
        say($"1/2  {target.Place} is empty");
        if (isClosed)
            await source.WriteMarkAsync(null, cancellation);
        await target.WriteMarkAsync(null, cancellation);
        say($"2/2  {source.Place} can be used again");
    }

    private static bool IsComplete(MigrationMark? from, MigrationMark? to) =>
        from is { State: MigrationState.MovedAway } && to?.Id == from.Id
        && to.State is MigrationState.Arrived or MigrationState.Started;

    private static void Check(
        MigrationStore source, MigrationStore target, MigrationMark? from, MigrationMark? to, bool replaces)
    {
        if (source.Place == target.Place)
            throw new BackupException("The source and the target are the same store.");
        var isSame = to is { State: MigrationState.Incoming } && to.Id == from?.Id;
        if (from?.Refusal(source.Place) is { } refusal && !isSame)
            throw new BackupException(refusal);
        if (to is { State: MigrationState.Incoming } && !isSame && to.Other != source.Place)
        {
            throw new BackupException($"A migration from {to.Other} to {target.Place} did not finish. Run it again, or "
                + $"undo it: gateway migrate --undo --from {to.Other} --to {target.Place}");
        }

        if (to is { State: MigrationState.MovedAway } && !replaces)
        {
            throw new BackupException($"{target.Place} still has content that was moved to {to.Other} at "
                + $"{to.Time.UtcDateTime:s}Z. "
                + "Use --replace to migrate into it nevertheless: the old content of a directory is kept in its "
                + "subfolder replaced-TIME, that of a database is deleted.");
        }
    }

    private async Task<Guid> MarkTargetAsync(
        MigrationStore source, MigrationStore target, MigrationMark? mark, bool replaces,
        CancellationToken cancellation)
    {
        if (target is FolderStore && await target.UsersAsync(cancellation) is { } holder)
            throw new BackupException($"{target.Place} is used by {holder}. Stop the gateway that runs there first.");
        if (mark is { State: MigrationState.Incoming })
        {
            // A database is filled in one transaction; a directory may contain a part of the content.
            if (target is DatabaseStore && !replaces)
                await RequireEmptyAsync(target, cancellation);
            return mark.Id;
        }

        if (mark is not { State: MigrationState.MovedAway })
            await RequireEmptyAsync(target, cancellation);
        else if (target.MoveAside(time.GetUtcNow()) is { } aside)
            say($"kept the old content of {target.Place} in {aside}");
        var id = Guid.NewGuid();
        await target.WriteMarkAsync(Mark(id, MigrationState.Incoming, source), cancellation);
        try
        {
            // A gateway may have started on an empty database just before the mark was written.
            if (await target.UsersAsync(cancellation) is { } users)
                throw new BackupException($"{target.Place} is used by {users}. Stop them first.");
            if (mark is not { State: MigrationState.MovedAway })
                await RequireEmptyAsync(target, cancellation);
            return id;
        }
        catch (BackupException)
        {
            await target.WriteMarkAsync(mark, cancellation);
            throw;
        }
    }

    private static async Task RequireEmptyAsync(MigrationStore target, CancellationToken cancellation)
    {
        if (!await target.IsEmptyAsync(cancellation))
        {
            throw new BackupException($"{target.Place} is not empty: a gateway has used it. Move to another directory "
                + "or database.");
        }
    }

    private async Task WaitAsync(MigrationStore source, TimeSpan patience, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        for (var hasSaid = false; await source.UsersAsync(cancellation) is { } users; hasSaid = true)
        {
            if (time.GetElapsedTime(began) > patience)
            {
                throw new BackupException($"{source.Place} is still used by {users}. Stop the gateway there, and run "
                    + "the command again. Nothing was moved.");
            }

            if (!hasSaid)
                say($"     waiting for {users} to stop using {source.Place}: stop the gateway now");
            await Task.Delay(LookEvery, time, cancellation);
        }
    }

    private MigrationMark Mark(Guid id, MigrationState state, MigrationStore other) =>
        new(id, state, other.Place, time.GetUtcNow());

    private static string Describe(StoreContent content)
    {
        var closedMs = content.Counters.ClosedBeforeMs;
        var closed = closedMs switch
        {
            long.MinValue => "",
            StoredCounters.ClosedUntilStart => "; windows that have begun when a gateway first starts there are "
                + "closed until they end",
            _ => $"; windows that began before {DateTimeOffset.FromUnixTimeMilliseconds(closedMs):s}Z stay closed "
                + "until they end",
        };
        return $"{Spelling.Count(content.Documents.Documents.Count(), "document")} as of revision "
            + $"{content.Documents.Revision}, their history and usage, and "
            + $"{Spelling.Count(content.Counters.Records.Count, "counter")}{closed}";
    }
}
