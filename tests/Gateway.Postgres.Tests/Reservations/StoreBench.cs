using Gateway.Limits.Windows;
using Gateway.Storage.Postgres.Reservations;

namespace Gateway.Postgres.Tests.Reservations;

/// <summary>A store in a schema of its own, and the few things that every test of it says.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private ulong _nonces;

    private StoreBench(PostgresOptions options, PostgresDatabase database)
    {
        Options = options;
        _database = database;
        Store = new PostgresReservationStore(database);
    }

    public PostgresOptions Options { get; }

    public PostgresReservationStore Store { get; }

    public PostgresDatabase Database => _database;

    public static async Task<StoreBench> OpenAsync(PostgresOptions options) =>
        new(options, await SharedDatabase.OpenAsync(options));

    public static CounterKey Key(string counter, long seconds = 60) =>
        new(LimitScope.Grant, "agent@server", counter, WindowKind.Fixed, WindowOf(seconds));

    /// <summary>The start of the window that is running now, or of one some windows away.</summary>
    public static long StartMs(CounterKey key, int windowsAway = 0)
    {
        var start = key.Window.StartMs(SharedDatabase.NewClock().NowMs());
        for (; windowsAway > 0; windowsAway--) start = key.Window.EndMs(start);
        for (; windowsAway < 0; windowsAway++) start = key.Window.StartMs(start - 1);
        return start;
    }

    /// <summary>A record with a nonce that no other record of this bench carries.</summary>
    public Reservation Record(long startMs, long units) =>
        new(startMs, Amount.FromUnits(units).Nano, new UInt128(0xfeed, Interlocked.Increment(ref _nonces)));

    public ValueTask<ReservationWrite> WriteAsync(CounterKey key, UInt128 expected, Reservation next) =>
        Store.WriteAsync(key, expected, next, CancellationToken.None);

    public ValueTask<ReservationRead> ReadAsync(CounterKey key) => Store.ReadAsync(key, CancellationToken.None);

    /// <summary>Lets go of what ended, as far as these options do; how many.</summary>
    public async Task<int> SweepAsync()
    {
        await using var cleaner = new ExpiryCleaner(_database, new ReservationSql(Options.Schema).Sweep);
        return await cleaner.SweepAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static Window WindowOf(long seconds) => Window.TryFromSeconds(seconds, out var window)
        ? window
        : throw new ArgumentOutOfRangeException(nameof(seconds));
}
