using Gateway.Admin.Identity.Guessing;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Storage.Local.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Operators;

/// <summary>Wrong passwords at several gateways of one store, each of which knows only what the store has.</summary>
public sealed class PasswordGuessesTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private readonly TestFolder _folder = new("gateway-guesses-");
    private readonly FileControlStore _store;
    private readonly List<SnapshotUpdater> _planes = [];

    public PasswordGuessesTests() =>
        _store = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);

    public void Dispose()
    {
        _planes.ForEach(static plane => plane.Dispose());
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_gateways_look_at_no_more_passwords_than_one()
    {
        var (one, other) = (NewGateway(), NewGateway());

        var held = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => (i % 2 == 0 ? one : other).TryAsync(Address(i), "ana", isRight: false)));

        Assert.Equal(6, held.Count(static wait => wait == TimeSpan.Zero));
        // The right one is told no sooner, at neither, and from no address.
        Assert.Equal(Second, await one.TryAsync(Address(90), "ana", isRight: true));
        Assert.Equal(Second, await other.TryAsync(Address(91), "ana", isRight: true));
        Assert.Equal(TimeSpan.Zero, await other.TryAsync(Address(92), "ben", isRight: true));
    }

    [Fact]
    public async Task One_address_waits_for_every_name_at_each_of_them()
    {
        var (one, other) = (NewGateway(), NewGateway());
        for (var i = 0; i < 6; i++)
            Assert.Equal(TimeSpan.Zero, await (i % 2 == 0 ? one : other).TryAsync(Address(1), $"name-{i}", false));

        Assert.Equal(Second, await one.TryAsync(Address(1), "ana", isRight: true));
        Assert.Equal(Second, await other.TryAsync(Address(1), "ben", isRight: true));
        Assert.Equal(TimeSpan.Zero, await other.TryAsync(Address(2), "ben", isRight: true));
    }

    [Fact]
    public async Task The_wait_doubles_up_to_half_a_minute_expires_and_resets_after_a_right_password()
    {
        var (one, other) = (NewGateway(), NewGateway());
        for (var i = 0; i < 6; i++)
            await one.TryAsync(Address(i), "ana", isRight: false);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), await other.TryAsync(Address(100), "ana", isRight: true));
            _time.Jump(TimeSpan.FromSeconds(seconds));
            Assert.Equal(TimeSpan.Zero, await other.TryAsync(Address(100 + seconds), "ana", isRight: false));
        }

        _time.Jump(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.Zero, await one.TryAsync(Address(200), "ana", isRight: true));
        Assert.Equal(TimeSpan.Zero, await other.TryAsync(Address(201), "ana", isRight: false));
        Assert.Equal(TimeSpan.Zero, await other.TryAsync(Address(202), "ana", isRight: true));
    }

    [Fact]
    public async Task What_is_forgotten_leaves_the_store_and_a_flood_of_names_has_a_bound()
    {
        var one = NewGateway();
        for (var i = 0; i < 30; i++)
            await one.TryAsync(Address(i), $"made-up-{i}", isRight: false);
        _time.Jump(TimeSpan.FromMinutes(11));

        for (var i = 0; i < 20; i++)
            await one.TryAsync(Address(50), "ana", isRight: false);

        var left = (await _store.ReadAsync(default)).OfKind(ControlKinds.Guesses)
            .Select(static found => found.Key.Name).ToList();
        Assert.All(left, static name => Assert.Matches("^(name|address)-[0-9]{1,4}$", name));
        Assert.Equal(2, left.Count);
    }

    private PasswordGuesses NewGateway()
    {
        var clock = new ProcessClock(_time);
        var plane = new SnapshotUpdater(
            _store, new SecretProtector(_store), new SnapshotHolder(), new StoreStaleness(_store, _time), clock, _time,
            NullLogger<SnapshotUpdater>.Instance);
        _planes.Add(plane);
        return new(_store, plane, clock, NullLogger<PasswordGuesses>.Instance);
    }

    private static IPAddress Address(int i) => new([10, 0, 0, (byte)i]);
}
