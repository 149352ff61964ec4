namespace Gateway.Faults.Checking;

/// <summary>Limits of sessions, by the sessions that the server saw, whatever the gateways' keys say.</summary>
internal static class SessionCharges
{
    public static IEnumerable<Violation> WithinMax(Judgement judgement)
    {
        var windows = judgement.Windows.Where(judgement.IsPerSession).ToList();
        foreach (var window in windows)
        {
            var sessions = Sessions(window).Distinct().ToList();
            if (sessions.Count > 1 || sessions.Contains("") || window.Key.Split('/')[2] != "session")
                yield return Violated(window, $"counted for {sessions.Count} sessions");
        }

        var charged = windows
            .SelectMany(window => window.Uses.Select(use => (Window: window, Use: use)))
            .Where(part => part.Use is { Reached: not null, IsGivenBack: false })
            .GroupBy(part => (part.Window.Counter, part.Window.StartMs, part.Use.Reached!.Session));
        foreach (var session in charged)
        {
            var window = session.First().Window;
            var (sum, most) = (session.Sum(part => part.Use.Charge.Cost), judgement.MaximaOf(window).Max());
            if (sum > most) yield return Violated(window, $"{sum} of {most} in session {session.Key.Session}");
        }
    }

    private static IEnumerable<string> Sessions(WindowUse window) =>
        window.Uses.Where(use => use.Reached is not null).Select(use => use.Reached!.Session);

    private static Violation Violated(WindowUse window, string what) =>
        new(Property.ChargedWithinMax, window.EndMs - 1, $"{window}: {what}");
}
