using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// A linear model over words and their neighbours, which separates texts that steer a model from descriptions. It finds
/// attacks that <see cref="InjectedText"/> does not, because they use no word of its lists. The sum of one-byte weights
/// is exact, so every machine has the same findings. load-tests/catalogue/measure trains it; its errors are in
/// docs/reference/classification.md.
/// </summary>
internal sealed class InstructionModel
{
    /// <summary>
    /// The number of words that are read together, because the weights of a long harmless text would outweigh those of
    /// an instruction in it.
    /// </summary>
    public const int WindowWords = 60;

    private const int WindowStep = WindowWords / 2;
    private const int WordsMin = 8;
    private const uint Magic = 0x3149_4347;
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    private readonly uint[] _hashes;
    private readonly sbyte[] _weights;
    private readonly int _threshold;

    private InstructionModel(uint[] hashes, sbyte[] weights, int threshold) =>
        (_hashes, _weights, _threshold) = (hashes, weights, threshold);

    /// <summary>The model shipped with this release.</summary>
    public static InstructionModel Shipped { get; } = Load();

    /// <summary>Returns true if a part of the text resembles instructions to a model.</summary>
    /// <param name="plain">A text as <see cref="InjectedText.Plain"/> returns it.</param>
    public bool Matches(string plain) => Windows(plain).Any(window => Sum(window) >= _threshold);

    /// <summary>Returns the sorted, distinct hashes of the features of each window of a text.</summary>
    /// <param name="plain">
    /// A text as <see cref="InjectedText.Plain"/> returns it; one of less than 8 words has no windows.
    /// </param>
    public static IEnumerable<uint[]> Windows(string plain)
    {
        var words = Words(plain);
        for (var start = 0; start == 0 || start + WindowStep < words.Count; start += WindowStep)
        {
            var end = Math.Min(start + WindowWords, words.Count);
            if (end - start >= WordsMin)
                yield return Features(CollectionsMarshal.AsSpan(words)[start..end]);
        }
    }

    /// <summary>Writes a model.</summary>
    /// <param name="weights">The weights by feature.</param>
    /// <param name="threshold">The sum of weights from which a window is a finding.</param>
    public static byte[] Write(SortedDictionary<uint, sbyte> weights, int threshold)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(weights.Count);
        writer.Write(threshold);
        foreach (var hash in weights.Keys)
            writer.Write(hash);
        foreach (var weight in weights.Values)
            writer.Write(weight);
        writer.Flush();
        return stream.ToArray();
    }

    private static InstructionModel Load()
    {
        using var stream = typeof(InstructionModel).Assembly.GetManifestResourceStream("instructions.model")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var numbers = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        if (!BitConverter.IsLittleEndian || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new InvalidDataException("This is not a model of instructions.");
        var count = (int)numbers[1];
        return new InstructionModel(
            numbers.Slice(3, count).ToArray(),
            MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan((3 + count) * sizeof(uint))).ToArray(), (int)numbers[2]);
    }

    private int Sum(uint[] hashes)
    {
        var sum = 0;
        foreach (var hash in hashes)
        {
            var at = Array.BinarySearch(_hashes, hash);
            sum += at < 0 ? 0 : _weights[at];
        }

        return sum;
    }

    /// <summary>Returns the hash of each word. All numbers are one word.</summary>
    private static List<uint> Words(string plain)
    {
        var words = new List<uint>();
        var (hash, isNumber) = (0u, true);
        foreach (var c in plain)
        {
            // Scripts without spaces: a sentence would be one word.
            var isUnspaced = c is >= '\u3040' and <= '\u30FF' or >= '\u4E00' and <= '\u9FFF';
            if (!isUnspaced && (char.IsLetterOrDigit(c) || c == '\''))
            {
                hash = Mix(hash == 0 ? Basis : hash, c);
                isNumber &= char.IsDigit(c);
                continue;
            }

            End();
            if (isUnspaced)
                words.Add(Mix(Basis, c));
        }

        End();
        return words;

        void End()
        {
            if (hash != 0)
                words.Add(isNumber ? Basis : hash);
            (hash, isNumber) = (0, true);
        }
    }

    /// <summary>Returns single words, pairs and triples of neighbours, and pairs with any word between them.</summary>
    private static uint[] Features(ReadOnlySpan<uint> words)
    {
        var features = new SortedSet<uint>();
        for (var i = 0; i < words.Length; i++)
        {
            features.Add(Mix(words[i], 1));
            if (i < 1)
                continue;
            var pair = Mix(Mix(words[i - 1], 2), words[i]);
            features.Add(pair);
            if (i < 2)
                continue;
            features.Add(Mix(Mix(words[i - 2], 3), pair));
            features.Add(Mix(Mix(words[i - 2], 4), words[i]));
        }

        return [.. features];
    }

    private static uint Mix(uint hash, uint value)
    {
        hash = (hash ^ value) * Prime;
        return hash ^ (hash >> 15);
    }
}
