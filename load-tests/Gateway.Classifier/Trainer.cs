using Gateway.Catalogue.Classifying;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Gateway.Classifier;

/// <summary>
/// The training of the linear model. Temperature, costs and the certainty thresholds come from predictions of models
/// that were not trained on the tool's author, over the part "train"; the parts dev and test are never read.
/// </summary>
internal sealed class Trainer(IReadOnlyList<LabelledTool> tools, TrainOptions options)
{
    private const int Folds = 5;
    private const int Weight = 127;
    private readonly List<Example> _examples = [.. tools.SelectMany(tool => Examples(tool, options))];

    public byte[] Train(TextWriter log)
    {
        var held = new (double[] Scores, LabelledTool Tool)[_examples.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var (fit, rest) = (_examples.FindAll(one => one.Fold != fold), fold);
            var model = Fit(fit);
            for (var i = 0; i < _examples.Count; i++)
            {
                if (_examples[i].Fold == rest)
                    held[i] = (model.Scores(_examples[i].Hashes), _examples[i].Tool);
            }

            log.WriteLine($"fold {fold}: {model.Weights.Count} features");
        }

        var predicted = held.Zip(_examples)
            .Where(static pair => pair.Second.IsWhole && pair.First.Tool.Part == "train")
            .Select(static pair => (pair.First.Scores, (int)pair.First.Tool.Category)).ToList();
        var calibration = Calibration.Of(predicted, log);
        return Fit(_examples).Write(calibration);
    }

    /// <summary>Returns 1 for each known feature that is present.</summary>
    /// <param name="hashes">The hashes of the features.</param>
    /// <param name="known">The known hashes, sorted.</param>
    public static VBuffer<float> Present(uint[] hashes, uint[] known)
    {
        var at = hashes.Select(hash => Array.BinarySearch(known, hash)).Where(static i => i >= 0).Order().ToArray();
        var ones = new float[at.Length];
        Array.Fill(ones, 1);
        return new VBuffer<float>(known.Length, at.Length, ones, at);
    }

    private static IEnumerable<Example> Examples(LabelledTool tool, TrainOptions options)
    {
        var fold = (int)(Digest(tool.Group) % Folds);
        var weight = (tool.Part == LabelReader.More ? options.MoreWeight : 1)
            * (tool.Category.IsGrave() ? options.GraveWeight : 1);
        yield return new Example(tool, ToolClassifier.HashesOf(tool.Tool), fold, weight, true);
        if (options.NameOnlyWeight > 0 && tool.Tool.Description is { Length: > 0 })
        {
            var bare = tool.Tool with { Description = null, Title = null, InputSchema = default };
            yield return new Example(tool, ToolClassifier.HashesOf(bare), fold, options.NameOnlyWeight * weight, false);
        }
    }

    private static uint Digest(string text) => BitConverter.ToUInt32(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private Fitted Fit(List<Example> examples)
    {
        var known = examples.SelectMany(one => one.Hashes.Select(hash => (hash, one.Tool.Group)))
            .GroupBy(static pair => pair.hash)
            .Where(group => group.Count() >= options.CountMin
                && group.Select(static pair => pair.Group).Distinct().Skip(1).Any())
            .Select(static group => group.Key).Order().ToArray();
        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, known.Length);
        var data = context.Data.LoadFromEnumerable(examples.Select(one => Row.Of(one, known)).ToList(), schema);
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                ExampleWeightColumnName = nameof(Row.Weight),
                L1Regularization = options.L1,
                L2Regularization = options.L2,
                OptimizationTolerance = 1e-6f,
                MaximumNumberOfIterations = options.Iterations,
                NumberOfThreads = 1,
            });
        var model = trainer.Fit(data).Model;
        VBuffer<float>[] weights = null!;
        model.GetWeights(ref weights, out _);
        var dense = weights.Select(static one => one.DenseValues().ToArray()).ToArray();
        return Fitted.Of(known, dense, [.. model.GetBiases()]);
    }

    private sealed record Fitted(SortedDictionary<uint, sbyte[]> Weights, float[] Biases, float[] Steps)
    {
        public static Fitted Of(uint[] known, float[][] weights, float[] biases)
        {
            var steps = weights.Select(static row => row.Max(Math.Abs) / Weight).ToArray();
            var all = new SortedDictionary<uint, sbyte[]>();
            for (var i = 0; i < known.Length; i++)
            {
                var row = weights.Select((one, category) => (sbyte)Math.Round(one[i] / steps[category])).ToArray();
                if (Array.Exists(row, static weight => weight != 0))
                    all[known[i]] = row;
            }

            return new Fitted(all, biases, steps);
        }

        public double[] Scores(uint[] hashes)
        {
            var scores = Biases.Select(static one => (double)one).ToArray();
            foreach (var hash in hashes)
            {
                if (!Weights.TryGetValue(hash, out var row))
                    continue;
                for (var category = 0; category < row.Length; category++)
                    scores[category] += row[category] * (double)Steps[category];
            }

            return scores;
        }

        public byte[] Write(Calibration calibration) => LinearModel.Write(
            Weights,
            [(float)calibration.Temperature, .. Biases, .. Steps, .. calibration.Costs,
                .. calibration.SureFrom.Select(static one => (float)one)]);
    }

    private sealed record Example(LabelledTool Tool, uint[] Hashes, int Fold, float Weight, bool IsWhole);

    private sealed class Row
    {
        [KeyType(LinearModel.Categories)]
        public uint Label { get; set; }

        public float Weight { get; set; }

        public VBuffer<float> Features { get; set; }

        public static Row Of(Example one, uint[] known) => new()
        {
            Label = (uint)one.Tool.Category,
            Weight = one.Weight,
            Features = Present(one.Hashes, known),
        };
    }
}
