using Gateway.Limits.CrashChild;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Local.Journal;

// Usage: <data directory> <max> <callers> <fail point> <times>. It ends itself when it comes to that point for the n-th
// time; "none" leaves that to others. Every permit that is spent becomes a line for each counter on standard output,
// handed to the kernel at once: "<counter> <window start> <low> <high> <call id>". They stand for a call that reached
// its server.
var options = new JournalEngineOptions { DataDirectory = args[0] };
var max = Amount.FromUnits(long.Parse(args[1], CultureInfo.InvariantCulture));
var callers = int.Parse(args[2], CultureInfo.InvariantCulture);
_ = Window.TryParse("day", out var day);
_ = Window.TryParse("minute", out var minute);
LimitCost[] costs =
[
    new(new CounterKey(LimitScope.Grant, "bot@afip", "daily", WindowKind.Fixed, day), max, Amount.One),
    new(
        new CounterKey(LimitScope.Grant, "bot@afip", "minutely", WindowKind.Fixed, minute),
        // A hundred ends in one minute may each waste a block of it, which is a hundredth.
        Amount.FromNano(100 * max.Nano),
        Amount.One),
];

var point = new FailPoint(args[3], int.Parse(args[4], CultureInfo.InvariantCulture));
await using var limiter = JournalEngine.Open(
    options,
    TimeProvider.System,
    new FailingDisk(new DiskFolder(options.DataDirectory), point),
    new JournalOptions { CompactFromBytes = 400, GrowthMax = 1 },
    journal => new FailingStore(journal, point));
using var output = Console.OpenStandardOutput();
var writing = new Lock();
await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync)));

async Task CallAsync()
{
    for (var refused = 0; refused < 20;)
    {
        var request = new LimitRequest(CallId.New(), limiter.Clock.NowMs(), [.. costs]);
        var decision = await limiter.AcquireAsync(request, CancellationToken.None);
        if (!decision.IsAdmitted)
        {
            refused++;
            continue;
        }

        point.Pass("between-grant-and-call");
        if (decision.Permit.TrySpend(limiter.Clock.NowMs(), out _) != SpendOutcome.Spent)
        {
            // The minute ended meanwhile: no byte was sent, so the day's number goes back.
            await limiter.ReleaseAsync(decision.Permit, CancellationToken.None);
            continue;
        }

        var lines = string.Concat(decision.Permit.Parts.Select(part =>
        {
            var numbers = part.Intervals[0];
            return $"{part.Key.Counter} {part.WindowStartMs} {numbers.Low} {numbers.High} {request.CallId}\n";
        }));
        lock (writing) output.Write(System.Text.Encoding.ASCII.GetBytes(lines));
    }
}
