using System.Buffers.Binary;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// A linear model over <see cref="ModelFeatures"/>, with a one-byte weight for each feature and category. The weights
/// are added as integers, so a definition gets the same probabilities on every machine.
/// docs/reference/classification.md lists its errors; load-tests/catalogue trains it.
/// </summary>
internal sealed class LinearModel
{
    public const int Categories = 6;
    private const uint Magic = 0x314d_4347;
    private const int HeaderNumbers = 1 + (4 * Categories);

    private readonly uint[] _hashes;
    private readonly sbyte[] _weights;
    private readonly float[] _numbers;

    private LinearModel(uint[] hashes, sbyte[] weights, float[] numbers) =>
        (_hashes, _weights, _numbers) = (hashes, weights, numbers);

    /// <summary>The model shipped with this release.</summary>
    public static LinearModel Shipped { get; } = Load();

    public int Features => _hashes.Length;

    private ReadOnlySpan<float> Biases => _numbers.AsSpan(1, Categories);

    /// <summary>The value of one step of a weight, by category.</summary>
    private ReadOnlySpan<float> Steps => _numbers.AsSpan(1 + Categories, Categories);

    /// <summary>The cost of missing a tool of a category, relative to missing one that reads.</summary>
    private ReadOnlySpan<float> Costs => _numbers.AsSpan(1 + (2 * Categories), Categories);

    /// <summary>The probabilities below which a category is uncertain.</summary>
    private ReadOnlySpan<float> SureFrom => _numbers.AsSpan(1 + (3 * Categories), Categories);

    /// <summary>Returns true if a category of this probability can be relied on.</summary>
    public bool IsSure(ToolCategory category, double probability) => probability >= SureFrom[(int)category];

    /// <summary>Returns the weights of a feature, by category; empty if the model does not know it.</summary>
    public ReadOnlySpan<sbyte> Weights(uint hash)
    {
        var at = Array.BinarySearch(_hashes, hash);
        return at < 0 ? [] : _weights.AsSpan(at * Categories, Categories);
    }

    /// <summary>Returns the weight of a feature for a category, relative to the average of the others.</summary>
    public double Weight(uint hash, ToolCategory category)
    {
        var weights = Weights(hash);
        if (weights.IsEmpty)
            return 0;
        var others = 0.0;
        for (var other = 0; other < Categories; other++)
            others += other == (int)category ? 0 : weights[other] * (double)Steps[other];
        return (weights[(int)category] * (double)Steps[(int)category]) - (others / (Categories - 1));
    }

    /// <summary>Fills in calibrated probabilities, and returns the category with the least expected cost.</summary>
    /// <param name="hashes">The hashes of the features, sorted and distinct.</param>
    /// <param name="probabilities">Receives one probability per category.</param>
    public ToolCategory Score(ReadOnlySpan<uint> hashes, Span<double> probabilities)
    {
        Span<int> sums = stackalloc int[Categories];
        sums.Clear();
        foreach (var hash in hashes)
        {
            var weights = Weights(hash);
            for (var category = 0; category < weights.Length; category++)
                sums[category] += weights[category];
        }

        for (var category = 0; category < Categories; category++)
            probabilities[category] = (Biases[category] + (sums[category] * (double)Steps[category])) / _numbers[0];
        Normalize(probabilities);
        return (ToolCategory)Choose(probabilities, Costs);
    }

    /// <summary>Returns the category with the least expected cost.</summary>
    public static int Choose(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> costs)
    {
        var chosen = 0;
        for (var category = 1; category < probabilities.Length; category++)
        {
            if (probabilities[category] * costs[category] > probabilities[chosen] * costs[chosen])
                chosen = category;
        }

        return chosen;
    }

    /// <summary>Converts scores to probabilities, in place.</summary>
    public static void Normalize(Span<double> values)
    {
        var max = double.NegativeInfinity;
        foreach (var value in values)
            max = Math.Max(max, value);
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = Math.Exp(values[i] - max);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
    }

    /// <summary>Writes a model.</summary>
    /// <param name="weights">The weights by feature.</param>
    /// <param name="numbers">
    /// The temperature, followed by biases, steps, costs and confidence thresholds by category.
    /// </param>
    public static byte[] Write(SortedDictionary<uint, sbyte[]> weights, float[] numbers)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(weights.Count);
        foreach (var number in numbers)
            writer.Write(number);
        foreach (var hash in weights.Keys)
            writer.Write(hash);
        foreach (var weight in weights.Values.SelectMany(static row => row))
            writer.Write(weight);
        writer.Flush();
        return stream.ToArray();
    }

    public static LinearModel Read(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new InvalidDataException("This is not a model of the classifier.");
        var hashes = new uint[BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(uint)..])];
        bytes = bytes[(2 * sizeof(uint))..];
        var numbers = new float[HeaderNumbers];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        bytes = bytes[(numbers.Length * sizeof(float))..];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
        var weights = new sbyte[hashes.Length * Categories];
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(
            bytes.Slice(hashes.Length * sizeof(uint), weights.Length)).CopyTo(weights);
        return new LinearModel(hashes, weights, numbers);
    }

    private static LinearModel Load()
    {
        using var stream = typeof(LinearModel).Assembly.GetManifestResourceStream("classifier.model")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    }
}
