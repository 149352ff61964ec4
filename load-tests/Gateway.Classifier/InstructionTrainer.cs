using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Proxy.Scanning;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Gateway.Classifier;

/// <summary>
/// The training of the model that finds instructions in definitions: attacks and harmless texts that resemble them
/// (load-tests/catalogue/instructions.jsonl), and the texts of real tools as harmless ones. The threshold and the
/// printed figures come from models that saw neither the tool's author nor the text.
/// </summary>
internal sealed class InstructionTrainer
{
    private const int Folds = 4;
    private const int Weight = 127;
    private const float RealWeight = 0.3f;

    // Of real tools, at most this share must be accepted because of the model.
    private const double FalseShare = 0.005;

    private readonly List<Sample> _samples = [];

    public InstructionTrainer(string texts, string definitions)
    {
        foreach (var line in File.ReadLines(texts))
        {
            var row = JsonNode.Parse(line)!;
            var (text, author) = ((string)row["text"]!, (string)row["author"]!);
            Add(text, text, (bool)row["attack"]! ? $"attacks of {author}" : $"harmless texts of {author}", 1);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(definitions))
        {
            var tool = JsonNode.Parse(line)!;
            var author = (string?)tool["author"] is { Length: > 0 } name ? name : (string)tool["server"]!;
            foreach (var text in Texts(tool["description"]).Concat(Texts(tool["schema"])).Where(seen.Add))
                Add(text, author, (string)tool["id"]!, RealWeight);
        }
    }

    public byte[] Train(TextWriter log)
    {
        // The greatest sum of a text's or tool's windows, in steps of the model that scored it.
        var sums = new Dictionary<(string Name, string Source), double>();
        for (var fold = 0; fold < Folds; fold++)
        {
            var model = Fit(_samples.FindAll(one => one.Fold != fold));
            foreach (var one in _samples.Where(one => one.Fold == fold))
            {
                var key = (one.IsLabelled ? one.Name : one.Source, one.Source);
                var score = model.Score(one.Hashes);
                sums[key] = Math.Max(score, sums.GetValueOrDefault(key, double.NegativeInfinity));
            }
        }

        var labelled = _samples.Where(static one => one.IsLabelled).Select(static one => one.Source).ToHashSet();
        var real = sums.Where(one => !labelled.Contains(one.Key.Source)).Select(static one => one.Value)
            .Order().ToList();
        var threshold = real[(int)(real.Count * (1 - FalseShare))];
        foreach (var group in sums.Where(one => labelled.Contains(one.Key.Source))
            .GroupBy(static one => one.Key.Source))
        {
            log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{group.Key}: {group.Count(one => one.Value >= threshold)} of {group.Count()} at {threshold:0.00}"));
        }

        var whole = Fit(_samples);
        log.WriteLine($"{whole.Weights.Count} features, {real.Count} real tools");
        return InstructionModel.Write(whole.Weights, (int)Math.Ceiling((threshold - whole.Bias) / whole.Step));
    }

    private void Add(string text, string author, string source, float weight)
    {
        foreach (var hashes in InstructionModel.Windows(InjectedText.Plain(text)))
            _samples.Add(new Sample(text, source, Fold(author), weight, hashes));
    }

    private static int Fold(string author) => SHA256.HashData(Encoding.UTF8.GetBytes(author))[0] % Folds;

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => Texts(member.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    /// <summary>Fits weights for the features of attacks; others say little about what an attack is.</summary>
    private static Fitted Fit(List<Sample> samples)
    {
        var known = samples.SelectMany(static one => one.Hashes.Select(hash => (hash, one.IsAttack)))
            .GroupBy(static pair => pair.hash)
            .Where(static group => group.Any(static pair => pair.IsAttack) && group.Skip(1).Any())
            .Select(static group => group.Key).Order().ToArray();
        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, known.Length);
        var data = context.Data.LoadFromEnumerable(samples.Select(one => Row.Of(one, known)).ToList(), schema);
        var model = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                ExampleWeightColumnName = nameof(Row.Weight),
                L1Regularization = 0,
                L2Regularization = 1,
                OptimizationTolerance = 1e-6f,
                MaximumNumberOfIterations = 150,
                NumberOfThreads = 1,
            }).Fit(data).Model.SubModel;
        var step = model.Weights.Max(Math.Abs) / Weight;
        var weights = new SortedDictionary<uint, sbyte>();
        for (var i = 0; i < known.Length; i++)
        {
            if ((sbyte)Math.Round(model.Weights[i] / step) is not 0 and var weight)
                weights[known[i]] = weight;
        }

        return new Fitted(weights, model.Bias, step);
    }

    // The name is the text; the source is the id of a real tool, or the group of the labelled texts.
    private sealed record Sample(string Name, string Source, int Fold, float Weight, uint[] Hashes)
    {
        public bool IsLabelled => Weight > RealWeight;

        public bool IsAttack => IsLabelled && Source.StartsWith("attacks", StringComparison.Ordinal);
    }

    private sealed record Fitted(SortedDictionary<uint, sbyte> Weights, float Bias, float Step)
    {
        public double Score(uint[] hashes) =>
            Bias + (hashes.Sum(hash => (int)Weights.GetValueOrDefault(hash)) * (double)Step);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Weight { get; set; }

        public VBuffer<float> Features { get; set; }

        public static Row Of(Sample one, uint[] known) => new()
        {
            Label = one.IsAttack,
            Weight = one.Weight,
            Features = Trainer.Present(one.Hashes, known),
        };
    }
}
