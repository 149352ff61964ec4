namespace Gateway.Faults.Nemesis;

/// <summary>Jumps of the clock of a running gateway, there and back, first forward and then backward.</summary>
internal sealed class ClockJumps : IFault
{
    private static readonly string[] Seconds = ["3", "0.7", "20", "1.5"];
    private int _next;

    public string Kind => "clock jumps";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var movable = fleet.Serving.Where(each => each.HasMovableClock).ToList();
        var seat = movable.Count > 0 ? movable[0] : fleet.Serving[random.Next(fleet.Serving.Count)];
        var fromMs = clock.NowMs();
        if (!seat.HasMovableClock)
        {
            await seat.StopAsync();
            Move(seat, "+0");
            await fleet.StartAsync(seat, FakeTime.Follow(seat.ClockFile));
            seat.HasMovableClock = true;
        }

        var seconds = await JumpAsync(seat, _next++, random);
        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true)
        {
            Target = $"{seat.Name} {seconds} s",
        };
    }

    /// <summary>Moves the clock there and back, first forward and then backward.</summary>
    /// <param name="seat">The seat whose clock follows its file.</param>
    /// <param name="number">The number of the jump.</param>
    /// <param name="random">Determines the duration.</param>
    /// <returns>The offset in seconds.</returns>
    public static async Task<string> JumpAsync(Seat seat, int number, Random random)
    {
        var seconds = Seconds[number % Seconds.Length];
        Move(seat, $"+{seconds}");
        await RunClock.PassAsync(300 + random.Next(1200));
        Move(seat, "+0");
        await RunClock.PassAsync(300 + random.Next(700));
        Move(seat, $"-{seconds}");
        await RunClock.PassAsync(300 + random.Next(1200));
        Move(seat, "+0");
        return seconds;
    }

    /// <summary>Shifts the clock by so many seconds.</summary>
    public static void Move(Seat seat, string offset)
    {
        File.WriteAllText(seat.ClockFile + ".new", offset + "\n");
        File.Move(seat.ClockFile + ".new", seat.ClockFile, overwrite: true);
    }
}
