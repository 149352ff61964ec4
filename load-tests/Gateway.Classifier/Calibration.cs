using Gateway.Catalogue.Classifying;

namespace Gateway.Classifier;

/// <summary>Settings that turn scores into decisions.</summary>
/// <param name="Temperature">
/// The divisor of the scores, so that probabilities match the frequency of correct results.
/// </param>
/// <param name="SureFrom">By category: the probability below which the result is uncertain.</param>
/// <param name="Costs">By category: the factor for its probability before the highest is chosen.</param>
internal sealed record Calibration(double Temperature, double[] SureFrom, float[] Costs)
{
    private const double CoverageMin = 0.965;
    private const double RecallWanted = 0.95;
    private const double PrecisionWanted = 0.9;

    private static readonly int[] Grave =
        [.. Enum.GetValues<ToolCategory>().Where(static one => one.IsGrave()).Select(static one => (int)one)];

    public static Calibration Of(IReadOnlyList<(double[] Scores, int Label)> held, TextWriter log)
    {
        var temperature = Enumerable.Range(5, 60).Select(static step => step / 20.0)
            .MinBy(one => held.Sum(pair => -Math.Log(Math.Max(1e-9, Probabilities(pair.Scores, one)[pair.Label]))));
        var rows = held.Select(pair => (P: Probabilities(pair.Scores, temperature), pair.Label)).ToList();
        var costs = new float[] { 1, 1, 1, 1, 1, 1 };
        // One category after the other, to the smallest cost that reaches the wanted recall, or that pays off.
        float[] steps = [1, 1.25f, 1.5f, 2, 2.5f, 3, 4];
        for (var round = 0; round < 2; round++)
        {
            foreach (var category in Grave)
            {
                costs[category] = steps.MaxBy(step =>
                {
                    var trial = costs.ToArray();
                    trial[category] = step;
                    return Value(rows, trial);
                });
            }
        }

        var chosen = rows.Select(row => row.P[LinearModel.Choose(row.P, costs)]).Order().ToList();
        var sureFrom = chosen[(int)(chosen.Count * (1 - CoverageMin))];
        // A grave category needs no more certainty than the wanted precision requires.
        var least = costs.Select(_ => sureFrom).ToArray();
        foreach (var category in Grave)
        {
            var called = rows.Where(row => LinearModel.Choose(row.P, costs) == category)
                .Select(row => (P: row.P[category], Right: row.Label == category)).ToList();
            least[category] = Enumerable.Range(10, 60).Select(static step => step / 100.0)
                .FirstOrDefault(from => called.Where(one => one.P >= from).DefaultIfEmpty()
                    .Average(static one => one.Right ? 1.0 : 0) >= PrecisionWanted, sureFrom);
        }

        Write(log, rows, costs);
        log.WriteLine($"  temperature {temperature:0.00}, costs {string.Join(' ', costs)}, sure from "
            + string.Join(' ', least.Select(static one => $"{one:0.000}")));
        return new Calibration(temperature, least, costs);
    }

    private static void Write(TextWriter log, List<(double[] P, int Label)> rows, float[] costs)
    {
        var right = rows.Average(row => LinearModel.Choose(row.P, costs) == row.Label ? 1.0 : 0);
        log.WriteLine($"held out: {right:0.0000} right of {rows.Count}");
        for (var category = 0; category < costs.Length; category++)
        {
            var there = rows.FindAll(row => row.Label == category);
            var called = rows.FindAll(row => LinearModel.Choose(row.P, costs) == category);
            var recall = there.Average(row => LinearModel.Choose(row.P, costs) == category ? 1.0 : 0);
            log.WriteLine($"  {(ToolCategory)category}: recall {recall:0.000} of {there.Count}, "
                + $"precision {called.Average(row => row.Label == category ? 1.0 : 0):0.000}");
        }
    }

    /// <summary>
    /// Returns the share of correct results, less a penalty for each grave category with too little recall.
    /// </summary>
    private static double Value(List<(double[] P, int Label)> rows, float[] costs)
    {
        var right = rows.Average(row => LinearModel.Choose(row.P, costs) == row.Label ? 1.0 : 0);
        var fine = Grave.Sum(category => Math.Max(0, RecallWanted - rows.Where(row => row.Label == category)
            .Average(row => LinearModel.Choose(row.P, costs) == category ? 1.0 : 0)));
        return right - fine;
    }

    private static double[] Probabilities(double[] scores, double temperature)
    {
        var probabilities = Array.ConvertAll(scores, score => score / temperature);
        LinearModel.Normalize(probabilities);
        return probabilities;
    }
}
