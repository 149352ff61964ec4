using Gateway.Control.Documents;
using Gateway.Orleans.Documents;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Tests.Documents;

/// <summary>
/// What happens to the documents when silos, storage or a second activation do not do as they should.
/// </summary>
public sealed class ControlFaultTests
{
    private const string Head = "control-head";
    private static readonly ControlKey Bot = new(ControlKinds.Grants, "bot");
    private static readonly ControlKey Other = new(ControlKinds.Grants, "other");

    [Fact]
    public async Task A_change_whose_silo_was_killed_before_it_answered_is_made_once_and_confirmed()
    {
        await using var cluster = await ControlCluster.StartAsync(silos: 3);
        var first = await cluster.Store.WriteAsync(Other, 0, Json("1"), default);
        var (written, never) = (NewSignal(), NewSignal());
        cluster.Storage.AfterWrite = async name =>
        {
            if (name != Head || !written.TrySetResult()) return;
            await never.Task;
        };

        var change = cluster.Store.WriteAsync(Bot, 0, Json("2"), default).AsTask();
        await written.Task;
        await cluster.Orleans.KillSiloAsync(await cluster.OwnerAsync());

        Assert.Equal(ControlWrite.Written(first.Version + 1), await change);
        var found = await cluster.NewStore().ReadAsync(default);
        Assert.Equal(first.Version + 1, found.Revision);
        Assert.Equal("2", Text(found, Bot));
    }

    [Fact]
    public async Task A_change_whose_silo_was_killed_before_it_wrote_is_made_by_the_next()
    {
        await using var cluster = await ControlCluster.StartAsync(silos: 3);
        await cluster.Store.ReadAsync(default);
        var (writing, never) = (NewSignal(), NewSignal());
        cluster.Storage.BeforeWrite = async name =>
        {
            if (name != Head || !writing.TrySetResult()) return;
            await never.Task;
        };

        var change = cluster.Store.WriteAsync(Bot, 0, Json("2"), default).AsTask();
        await writing.Task;
        await cluster.Orleans.KillSiloAsync(await cluster.OwnerAsync());

        Assert.Equal(ControlWrite.Written(1), await change);
        never.SetResult();
        Assert.Equal("2", Text(await cluster.NewStore().ReadAsync(default), Bot));
        Assert.Equal(1, (await cluster.NewStore().ReadAsync(default)).Revision);
    }

    [Fact]
    public async Task A_change_is_confirmed_though_storage_said_that_it_failed()
    {
        await using var cluster = await ControlCluster.StartAsync();
        var lies = 0;
        cluster.Storage.AfterWrite = name => name == Head && Interlocked.Increment(ref lies) % 2 == 1
            ? throw new IOException("The connection was closed.")
            : Task.CompletedTask;

        for (var i = 1; i <= 6; i++)
        {
            Assert.Equal(ControlWrite.Written(i), await cluster.Store.WriteAsync(Bot, i - 1, Json($"{i}"), default));
        }

        Assert.Equal("6", Text(await cluster.Store.ReadAsync(default), Bot));
    }

    [Fact]
    public async Task Two_activations_at_once_never_undo_each_other()
    {
        await using var cluster = await ControlCluster.StartAsync();
        var overtaken = 0;
        using var second = cluster.NewKeeper(() => overtaken++);
        await second.LookAsync(0);
        await cluster.Store.WriteAsync(Bot, 0, Json("1"), default);

        var stale = await second.ChangeAsync(Change(Bot, 0, "2"));
        var other = await second.ChangeAsync(Change(Other, 0, "3"));
        var seen = await cluster.Store.WaitAsync(1, TimeSpan.FromSeconds(30), default);
        var third = await cluster.Store.WriteAsync(Bot, 1, Json("4"), default);

        Assert.Equal(new ControlOutcome(ControlOutcomeKind.Conflict, 1, null), stale);
        Assert.Equal(new ControlOutcome(ControlOutcomeKind.Written, 2, null), other);
        Assert.Equal(1, overtaken);
        Assert.Equal(2, seen);
        Assert.Equal(ControlWrite.Written(3), third);
        var found = await cluster.Store.ReadAsync(default);
        Assert.Equal(("4", "3"), (Text(found, Bot), Text(found, Other)));
    }

    [Fact]
    public async Task Of_two_activations_that_both_change_the_same_one_wins()
    {
        await using var cluster = await ControlCluster.StartAsync();
        using var one = cluster.NewKeeper(() => { });
        using var two = cluster.NewKeeper(() => { });

        for (var version = 0; version < 20; version++)
        {
            var outcomes = await Task.WhenAll(
                Task.Run(() => one.ChangeAsync(Change(Bot, version, "1"))),
                Task.Run(() => two.ChangeAsync(Change(Bot, version, "2"))));
            Assert.Single(outcomes, outcome => outcome.Kind == ControlOutcomeKind.Written);
            Assert.Single(outcomes, outcome => outcome.Kind == ControlOutcomeKind.Conflict);
        }
    }

    [Fact]
    public async Task A_repeated_change_is_made_once_also_when_others_came_after_it()
    {
        await using var cluster = await ControlCluster.StartAsync();
        using var keeper = cluster.NewKeeper(() => { });
        var change = Change(Bot, 0, "1");
        var first = await keeper.ChangeAsync(change);
        await cluster.Store.DeleteAsync(Bot, 1, default);

        using var next = cluster.NewKeeper(() => { });

        Assert.Equal(first, await next.ChangeAsync(change));
        Assert.Null((await cluster.Store.ReadAsync(default)).Find(Bot));
    }

    [Fact]
    public async Task Says_so_when_storage_does_not_answer()
    {
        await using var cluster = await ControlCluster.StartAsync();
        await cluster.Store.ReadAsync(default);
        cluster.Storage.BeforeRead = _ => throw new IOException("The storage is away.");

        var failure = await Assert.ThrowsAsync<ControlStoreException>(
            async () => await cluster.Store.WaitAsync(0, TimeSpan.Zero, default));

        Assert.Contains("The storage is away.", failure.Message, StringComparison.Ordinal);
        cluster.Storage.BeforeRead = _ => Task.CompletedTask;
        Assert.Equal(0, await cluster.Store.WaitAsync(0, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Refuses_what_would_be_too_much_and_says_what_to_do()
    {
        await using var cluster = await ControlCluster.StartAsync(options: new ControlGrainOptions { BytesMax = 1024 });
        await cluster.Store.WriteAsync(Bot, 0, Json(new string('1', 500)), default);

        var refusal = await Assert.ThrowsAsync<ControlStoreException>(
            async () => await cluster.Store.WriteAsync(Other, 0, Json(new string('1', 500)), default));

        Assert.Contains("of at most 1,024. Revoke grants", refusal.Message, StringComparison.Ordinal);
        Assert.True((await cluster.Store.DeleteAsync(Bot, 1, default)).IsWritten);
        Assert.True((await cluster.Store.WriteAsync(Other, 0, Json(new string('1', 500)), default)).IsWritten);
    }

    [Fact]
    public async Task Leaves_no_earlier_revision_behind()
    {
        await using var cluster = await ControlCluster.StartAsync();
        for (var i = 0; i < 5; i++) await cluster.Store.WriteAsync(Bot, i, Json($"{i}"), default);
        await cluster.Store.ReadAsync(default);

        Assert.Equal(2, cluster.Storage.Names.Count());
    }

    private static ControlChange Change(ControlKey key, long expectedVersion, string json) =>
        new(CallId.New().Bits, key.Kind, key.Name, expectedVersion, Json(json));

    private static byte[] Json(string json) => Encoding.UTF8.GetBytes(json);

    private static string Text(ControlSnapshot snapshot, ControlKey key) =>
        Encoding.UTF8.GetString(snapshot.Find(key)!.Content.Span);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
