using Xunit.Abstractions;

namespace Gateway.Policy.Tests.Json;

/// <summary>The decision on a literal, compared with what parsers of five languages make of it.</summary>
public class InexactNumberTests(ITestOutputHelper output)
{
    private const string Java = """
        import java.io.*;
        public class P { public static void main(String[] a) throws IOException {
          var in = new BufferedReader(new InputStreamReader(System.in)); String l;
          while ((l = in.readLine()) != null)
            System.out.println(String.format("%016x", Double.doubleToRawLongBits(Double.parseDouble(l)))); } }
        """;

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("0e99999", true)]
    [InlineData("1.0", true)]
    [InlineData("1.00000000000000000000000000000", true)]
    [InlineData("1E+2", true)]
    [InlineData("0.1", true)]
    [InlineData("1e23", true)]
    [InlineData("999999999999999", true)]
    [InlineData("9007199254740992", true)]
    [InlineData("5e-324", true)]
    [InlineData("2.2250738585072014e-308", true)]
    [InlineData("1.7976931348623157e308", true)]
    [InlineData("0.30000000000000004", true)]
    [InlineData("5511987654321.00000000000000000001", false)]
    [InlineData("9007199254740993", false)]
    [InlineData("9223372036854775807", false)]
    [InlineData("123456789012345678", false)]
    [InlineData("0.30000000000000000000000000000001", false)]
    [InlineData("4.9e-324", false)]
    [InlineData("2e-324", false)]
    [InlineData("1e-400", false)]
    [InlineData("1e400", false)]
    [InlineData("-1e400", false)]
    [InlineData("1e99999999999999999", false)]
    [InlineData("1e999999999999999999999", false)]
    [InlineData("1.7976931348623159e308", false)]
    public void IsExact_is_true_only_for_the_shortest_decimal_of_a_double(string literal, bool expected)
    {
        Assert.Equal(expected, InexactNumber.IsExact(literal));
        if (literal[0] != '-')
            Assert.Equal(expected, InexactNumber.IsExact("-" + literal));
    }

    [Fact]
    public void Literals_accepted_as_different_are_different_doubles_in_DotNet()
    {
        var literals = Generate(200_000);
        AssertKeptApart(literals, [.. literals.Select(static one => BitsOf(double.Parse(
            one, NumberStyles.Float, CultureInfo.InvariantCulture)))], ".NET");
    }

    [Fact]
    public void The_fast_path_for_short_literals_agrees_with_the_definition()
    {
        var culture = CultureInfo.InvariantCulture;
        foreach (var literal in Generate(200_000)
            .Where(static one => one.Length <= 15 && one.IndexOfAny(['e', 'E']) < 0))
        {
            var shortest = double.Parse(literal, culture).ToString("R", culture);
            Assert.True(JsonDecimal.TryParse(literal, out var exact) && JsonDecimal.TryParse(shortest, out var read)
                && exact.Equals(read), literal);
        }
    }

    [ParserFact("node")]
    public Task Literals_accepted_as_different_are_different_doubles_in_JavaScript() => CompareWithAsync("node",
        "-e", "const b=Buffer.alloc(8);console.log(require('fs').readFileSync(0,'utf8').trim().split('\\n')"
            + ".map(l=>{b.writeDoubleBE(JSON.parse(l));return b.toString('hex')}).join('\\n'))");

    // json.loads returns an int where the literal is one: what a server does with floats is float() of it.
    [ParserFact("python3")]
    public Task Literals_accepted_as_different_are_different_doubles_in_Python() => CompareWithAsync("python3",
        "-c", "import sys,json,struct\n"
            + "def f(l):\n"
            + "  try: return float(json.loads(l))\n"
            + "  except OverflowError: return float('-inf' if l[0]=='-' else 'inf')\n"
            + "print('\\n'.join(struct.pack('>d',f(l)).hex() for l in sys.stdin.read().split()))");

    [ParserFact("javac")]
    public async Task Literals_accepted_as_different_are_different_doubles_in_Java()
    {
        using var folder = new TestFolder();
        var source = Path.Combine(folder.Path, "P.java");
        File.WriteAllText(source, Java);
        await CompareWithAsync("java", source);
    }

    [Theory]
    [InlineData("go")]
    [InlineData("java")]
    public void Literals_accepted_as_different_are_different_doubles_as_recorded_from(string language)
    {
        var lines = File.ReadAllLines(SourceTree.PathOf("tests", "Gateway.Policy.Tests", "Json", "parsed-doubles.txt"))
            .Where(static line => !line.StartsWith('#')).Select(static line => line.Split(' ')).ToList();
        Assert.True(lines.Count > 300);
        AssertKeptApart(
            [.. lines.Select(static line => line[0])],
            [.. lines.Select(line => line[language == "go" ? 1 : 2])], language);
    }

    private List<string> Generate(int count)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return NumberLiterals.Generate(seed, count);
    }

    private async Task CompareWithAsync(string program, params string[] arguments)
    {
        var literals = Generate(20_000);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var written = Task.Run(() =>
        {
            foreach (var literal in literals)
                process.StandardInput.WriteLine(literal);
            process.StandardInput.Close();
        });
        var read = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await written;
        await process.WaitForExitAsync();
        AssertKeptApart(literals, [.. read.Select(static line => line.Trim())], program);
    }

    private static void AssertKeptApart(List<string> literals, List<string> bits, string parser)
    {
        Assert.Equal(literals.Count, bits.Count);
        var (byValue, byBits) = (new Dictionary<JsonDecimal, string>(), new Dictionary<string, JsonDecimal>());
        var accepted = 0;
        for (var i = 0; i < literals.Count; i++)
        {
            if (!InexactNumber.IsExact(literals[i]))
                continue;
            accepted++;
            Assert.True(JsonDecimal.TryParse(literals[i], out var value));
            // The two zeros compare as equal in every language.
            var read = bits[i] == "8000000000000000" ? "0000000000000000" : bits[i];
            Assert.True(
                byValue.TryAdd(value, read) || byValue[value] == read, $"{parser}: {literals[i]} is two doubles");
            Assert.True(byBits.TryAdd(read, value) || byBits[read].Equals(value),
                $"{parser}: {literals[i]} and another accepted literal are one double, {read}");
        }

        Assert.InRange(accepted, literals.Count / 10, literals.Count * 9 / 10);
    }

    private static string BitsOf(double value) => BitConverter.DoubleToInt64Bits(value).ToString("x16", null);
}
