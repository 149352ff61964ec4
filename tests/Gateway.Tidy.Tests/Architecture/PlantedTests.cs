namespace Gateway.Tidy.Tests.Architecture;

/// <summary>Each rule of the house catches an offence against it, and leaves alone what only looks like one.</summary>
public sealed class PlantedTests
{
    [Fact]
    public void Catches_folders_that_name_each_other()
    {
        var a = Source("A/One.cs", "using P.B; namespace P.A; public class One { Two? Two; }");
        var b = Source("B/Two.cs", "namespace P.B; public class Two;");
        Assert.Empty(FolderRules.Cycles([a, b]));

        var back = Source("B/Three.cs", "using P.A; namespace P.B; class Three { One? One; }");
        Assert.Equal(2, FolderRules.Cycles([a, b, back]).Count());
    }

    [Theory]
    [InlineData("namespace P.A.C; class In { Root? At; }")]
    [InlineData("namespace P.A.C; class In { P.A.Root? At; }")]
    [InlineData("namespace P.A.C; class In { A.Root? At; }")]
    [InlineData("namespace P.A.C; /// <summary><see cref=\"Root\"/></summary>\nclass In;")]
    [InlineData("using Up = P.A.Root; namespace P.A.C; class In { Up? At; }")]
    [InlineData("using static P.A.Root; namespace P.A.C; class In { int At = Make(); }")]
    public void Catches_an_arrow_back_however_it_is_written(string code) => Assert.Equal(2, FolderRules.Cycles(
    [
        Source("A/Root.cs", "using P.A.C; namespace P.A; class Root { Leaf? Leaf; public static int Make() => 1; }"),
        Source("A/C/Leaf.cs", "namespace P.A.C; class Leaf;"),
        Source("A/C/In.cs", code),
    ]).Count());

    [Fact]
    public void Leaves_a_member_alone_that_has_the_name_of_a_type() => Assert.Empty(FolderRules.Cycles(
    [
        Source("A/Root.cs", "using P.A.C; namespace P.A; class Root { Leaf? Leaf; }"),
        Source("A/C/Leaf.cs", "namespace P.A.C; class Leaf { int At(Other other) => other.Root + other?.Root; }"),
    ]));

    [Theory]
    [InlineData("(string?)json[\"name\"]", 1)]
    [InlineData("json?[\"name\"]", 1)]
    [InlineData("element.GetProperty(\"name\")", 1)]
    [InlineData("json.TryGetPropertyValue(\"name\", out var name)", 1)]
    [InlineData("json[\"name\"] = 1", 0)]
    [InlineData("new JsonObject { [\"name\"] = 1 }", 0)]
    [InlineData("match.Groups[\"name\"]", 0)]
    [InlineData("json[member]", 0)]
    public void Catches_a_member_of_a_response_that_is_read_by_name(string code, int offences) => Assert.Equal(
        offences, ClientRules.ReadsByName(Source("A/One.cs", $"class One {{ object? M() => {code}; }}")).Count());

    [Theory]
    [InlineData("K.A => 1, _ => 2", 1)]
    [InlineData("K.A or K.B => 1, _ => f()", 1)]
    [InlineData("K.A => 1, K.B => 2, _ => throw new E()", 0)]
    [InlineData("K.A => 1, _ => null", 0)]
    [InlineData("K.A => true, _ => false", 0)]
    [InlineData("K.A => 1, K.B => 2", 0)]
    [InlineData("K.A when f() => 1, _ => 2", 1)]
    [InlineData("K.A when f() => 1, K.A => 2, K.B => 3, _ => throw new E()", 0)]
    [InlineData("K.A => 1, _ when f() => 2, _ => throw new E()", 0)]
    [InlineData("(K.A, 1) => 1, (K.B, _) => 2, _ => 3", 1)]
    [InlineData("(1, K.A) => 1, (_, K.A or K.B) => 2, (_, _) => 3", 1)]
    [InlineData("(K.A, 1) => 1, (K.B, _) => 2, _ => throw new E()", 0)]
    [InlineData("(K.A, 1) => 1, (null, _) => 2, _ => 3", 1)]
    [InlineData("(K.A, 1) => 1, (L.A, _) => 2, _ => 3", 0)]
    [InlineData("null or K.A => 1, _ => 2", 1)]
    [InlineData("null => 1, _ => 2", 0)]
    [InlineData("Names.A => 1, _ => 2", 0)]
    [InlineData("1 => 1, _ => 2", 0)]
    public void Catches_a_kind_that_would_pass_for_another(string arms, int offences) => Assert.Equal(
        offences, SwitchRules.ActingDefaults(
            [Source("A.cs", $"enum K {{ A, B }} class C {{ object? Of(K k) => k switch {{ {arms} }}; }}")]).Count());

    [Theory]
    [InlineData("\"a\" => K.A, _ => K.B", 1)]
    [InlineData("\"a\" or null => new A(), \"b\" => new B(), _ => new C()", 1)]
    [InlineData("\"a\" => K.A, var other => throw new E(other)", 0)]
    [InlineData("\"a\" => K.A, _ => null", 0)]
    [InlineData("\"a\" => K.A, _ => K.None", 0)]
    [InlineData("\"a\" => K.A, { Length: 2 } => K.B, _ => K.C", 0)]
    public void Catches_a_text_that_would_pass_for_another(string arms, int offences) => Assert.Equal(
        offences, SwitchRules.ActingTextDefaults(
            [Source("A.cs", $"class C {{ object? Of(string? k) => k switch {{ {arms} }}; }}")]).Count());

    [Theory]
    [InlineData("case K.A: f(); break; default: g(); break;", 1)]
    [InlineData("case K.A: return 1; default: return 2;", 1)]
    [InlineData("case K.A when f(): return 1; default: g(); return null;", 1)]
    [InlineData("case K.A: f(); break; case K.B: default: g(); break;", 1)]
    [InlineData("default: g(); break; case K.A or K.B: f(); break;", 1)]
    [InlineData("case K.A: f(); break; case var k: g(k); break;", 1)]
    [InlineData("case K.A: f(); break; case var k: throw new E(k);", 0)]
    [InlineData("case K.A: f(); break; case K.B: default: throw new E();", 0)]
    [InlineData("case K.A: return 1; default: return null;", 0)]
    [InlineData("case K.A: f(); break; default: break;", 0)]
    [InlineData("case K.A: f(); break; case K.B: g(); break;", 0)]
    [InlineData("case 1: f(); break; default: g(); break;", 0)]
    [InlineData("case K.A: f(); break; case null: default: g(); break;", 1)]
    [InlineData("case K.A: f(); break; case var _ when f(): g(); break; default: g(); break;", 1)]
    public void Catches_a_kind_that_would_pass_for_another_in_a_statement(string sections, int offences) =>
        Assert.Equal(offences, SwitchRules.ActingDefaults(
            [Source("A.cs", $"enum K {{ A, B }} class C {{ object? Of(K k) {{ switch (k) {{ {sections} }} }} }}")])
            .Count());

    [Theory]
    [InlineData("src/core/P/A/One.cs", "P.A", 0)]
    [InlineData("src/core/P/One.cs", "P", 0)]
    [InlineData("src/core/P/A/B/One.cs", "P.A", 1)]
    [InlineData("src/core/P/One.cs", "P.A", 1)]
    public void Catches_a_namespace_that_is_not_its_folder(string path, string declared, int offences) =>
        Assert.Equal(offences, FolderRules.Namespace(path, "src/core/P", declared).Count());

    [Theory]
    [InlineData("using P.X; class One;", 1)]
    [InlineData("using P.X.A; class One;", 1)]
    [InlineData("class One { P.X.Two? Two; }", 1)]
    [InlineData("class One { int Two = P.X.Two.Value; }", 1)]
    [InlineData("using P.Xs; class One { P.Xs.Two? Two; }", 0)]
    public void Catches_code_that_names_a_namespace(string code, int offences) =>
        Assert.Equal(offences, CodeRules.NamesOf(Source("A/One.cs", code), "P.X").Take(1).Count());

    [Fact]
    public void Catches_a_name_of_two_types()
    {
        var one = Source("A/One.cs", "namespace P.A; class One; class One<T>;");
        Assert.Empty(NameRules.DeclaredTwice([one]));
        Assert.Equal(2, NameRules.DeclaredTwice([one, Source("B/One.cs", "namespace P.B; class One;")]).Count());
    }

    [Theory]
    [InlineData("class Left { Left? Next; }", 1)]
    [InlineData("class Left; class Right { Left? Left; Right? Next; }", 1)]
    [InlineData("public class Left;", 0)]
    [InlineData("public class Right { Left? At; } class Left;", 0)]
    [InlineData("public class R { int A = 1.Twice(); } static class Left { static int Twice(this int a) => a; }", 0)]
    [InlineData("public class R { int A = 1.Two(); } static class Left { extension(int a) { int Two() => a; } }", 0)]
    [InlineData("static class Left { extension(int a) { int Two() => a; } }", 1)]
    [InlineData("public class Right { ILeft? At; } public interface ILeft; class Left : ILeft;", 0)]
    [InlineData("[Left] public class Right; class LeftAttribute : System.Attribute;", 0)]
    public void Catches_a_type_that_nothing_names(string code, int offences) =>
        Assert.Equal(offences, NameRules.Unused([Source("A.cs", "namespace P;" + code)]).Count());

    [Theory]
    [InlineData("class A { A(int a, int b, int c, int d, int e, int f, int g) { } }", 0)]
    [InlineData("class A { A(int a, int b, int c, int d, int e, int f, int g, int h) { } }", 1)]
    [InlineData("class A(int a, int b, int c, int d, int e, int f, int g, int h);", 1)]
    [InlineData("struct A(int a, int b, int c, int d, int e, int f, int g, int h);", 1)]
    [InlineData("record A(int B, int C, int D, int E, int F, int G, int H, int I);", 0)]
    public void Catches_a_constructor_of_eight(string code, int offences) =>
        Assert.Equal(offences, CodeRules.WideConstructors(Source("A.cs", code)).Count());

    [Theory]
    [InlineData("\"tools/call\"", true)]
    [InlineData("\"initialize\"", true)]
    [InlineData("\"notifications/roots/list_changed\"", true)]
    [InlineData("\"POST tools/call\"", false)]
    [InlineData("\"tools\"", false)]
    public void Catches_a_method_name(string text, bool isOne) =>
        Assert.Equal(isOne, CodeRules.MethodNames(Source("A.cs", $"class A {{ string B = {text}; }}")).Any());

    [Theory]
    [InlineData("using System.Net.Http;", 1)]
    [InlineData("using Microsoft.AspNetCore.Http;", 1)]
    [InlineData("using Planted.Package;", 0)]
    [InlineData("class A { string B = File.ReadAllText(\"\"); }", 1)]
    [InlineData("class A { object B = new FileStream(\"\"); }", 1)]
    [InlineData("class A { void B(Socket socket) { } }", 1)]
    [InlineData("class A { System.TimeProvider B = TimeProvider.System; }", 1)]
    [InlineData("record A(string File) { string B => File; int C => problem.File.Length; }", 0)]
    public void Catches_what_reaches_out_of_the_core(string code, int offences) =>
        Assert.Equal(offences, CodeRules.OuterWorldOf(Source("A.cs", code)).Count());

    private static SourceFile Source(string path, string code) => new("src/P/" + path, code);
}
