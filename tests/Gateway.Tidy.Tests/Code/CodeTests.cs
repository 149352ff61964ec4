namespace Gateway.Tidy.Tests.Code;

public sealed class CodeTests
{
    [Fact]
    public void Files_methods_and_lines_keep_their_bounds() =>
        Offence.AssertNone(Repository.Sources.SelectMany(LengthRules.Check));

    [Fact]
    public void Lines_of_scripts_keep_their_bound() => Offence.AssertNone(
        from path in Repository.Files
        where Path.GetExtension(path) is ".js" or ".mjs" && !path.Contains("wwwroot/vendor/", StringComparison.Ordinal)
        from offence in LengthRules.CheckScript(path, Repository.Read(path))
        select offence);

    [Fact]
    public void Types_of_the_console_contain_no_any() => Offence.AssertNone(
        from path in Repository.Files
        where path.Contains("/wwwroot/", StringComparison.Ordinal) && Path.GetExtension(path) is ".js" or ".ts"
            && !path.Contains("/vendor/", StringComparison.Ordinal)
        from offence in ScriptTypeRules.Check(path, Repository.Read(path))
        select offence);

    [Fact]
    public void Folders_are_named_after_concepts() =>
        Offence.AssertNone(Repository.Sources.SelectMany(file => TypeRules.FolderNames(file.Path)));

    [Fact]
    public void No_banned_construct_is_used() =>
        Offence.AssertNone(Repository.Sources.SelectMany(BannedConstructs.Check));

    [Fact]
    public void Reads_the_sources_of_this_repository() =>
        Assert.Contains(Repository.Sources, file => file.Path == "tests/Gateway.Tidy.Tests/Code/CodeTests.cs");

    [Fact]
    public void Catches_a_file_of_401_lines()
    {
        Assert.Empty(LengthRules.Check(InSource(new string('\n', 399) + "class A;\n")));
        Assert.Single(LengthRules.Check(InSource(new string('\n', 400) + "class A;\n")));
    }

    [Fact]
    public void Catches_a_line_of_121_characters()
    {
        Assert.Empty(LengthRules.Check(InSource("//" + new string('x', 118))));
        Assert.Single(LengthRules.Check(InSource("//" + new string('x', 119))));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("// Written by a test with GATEWAY_UPDATE=1.\n", 0)]
    public void Catches_a_line_of_121_characters_in_a_script_that_people_write(string head, int offences) =>
        Assert.Equal(offences, LengthRules.CheckScript("a.js", head + new string('x', 121)).Count());

    [Theory]
    [InlineData("/** @param {any} one */")]
    [InlineData("/** @type {Record<string, any>} */")]
    [InlineData("/** @param {{ one?: any, rows: string[] }} props */")]
    [InlineData("/**\n * @returns {(of: string) => any[]}\n */")]
    public void Catches_any_in_a_type_of_a_script(string code) => Assert.Single(ScriptTypeRules.Check("a.js", code));

    [Theory]
    [InlineData("/** True if any of them is. @param {unknown} one */")]
    [InlineData("/** @type {[string, string][]} */\nconst kinds = [['any', 'Any of']];")]
    [InlineData("const found = isKnown ? one : any;")]
    public void Leaves_the_word_any_outside_of_types_alone(string code) =>
        Assert.Empty(ScriptTypeRules.Check("a.js", code));

    [Fact]
    public void Leaves_a_long_message_in_a_raw_string_of_a_test_in_one_piece()
    {
        var line = $"var a = \"\"\"{new string('x', 120)}\"\"\";";
        Assert.Empty(LengthRules.Check(new SourceFile("tests/A.Tests/ATests.cs", line)));
        Assert.Single(LengthRules.Check(new SourceFile("src/A/A.cs", line)));
    }

    [Theory]
    [InlineData("void M() {{ {0} }}")]
    [InlineData("int P {{ get {{ {0} return 1; }} }}")]
    [InlineData("C() {{ {0} }}")]
    [InlineData("void M() {{ void Local() {{ {0} }} }}")]
    public void Catches_a_method_of_71_lines(string member)
    {
        Assert.Empty(LengthRules.Check(Member(69)));
        Assert.NotEmpty(LengthRules.Check(Member(70)));

        SourceFile Member(int breaks) =>
            InSource($"class C {{ {string.Format(null, member, new string('\n', breaks))} }}");
    }

    [Theory]
    [InlineData("src/core/Gateway.Limits/Helpers/Text.cs")]
    [InlineData("src/core/Gateway.Limits/common/Text.cs")]
    public void Catches_a_folder_that_is_no_concept(string path) => Assert.Single(TypeRules.FolderNames(path));

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("/* FIX" + "ME */")]
    [InlineData("#region A\n#endregion")]
    [InlineData("try { A(); } catch { }")]
    [InlineData("try { A(); } catch (Exception) { B(); }")]
    [InlineData("try { A(); } catch (Exception) { /* The next round says so. */ }")]
    [InlineData("try { A(); } catch (Exception) when (tries < 3) { B(); }")]
    [InlineData("try { A(); } catch (Exception e) { B(); }")]
    public void Catches_a_banned_construct(string code) => Assert.Single(BannedConstructs.Check(InSource(code)));

    [Theory]
    [InlineData("var a = \"TO" + "DO\";")]
    [InlineData("try { A(); } catch { B(); throw; }")]
    [InlineData("try { A(); } catch (Exception e) { Log(e.Message); }")]
    [InlineData("try { A(); } catch (IOException) { B(); }")]
    [InlineData("try { A(); } catch (Exception e) when (e is IOException) { B(); }")]
    public void Leaves_sound_code_alone(string code) => Assert.Empty(BannedConstructs.Check(InSource(code)));

    private static SourceFile InSource(string code) => new("src/Gateway.Planted/Planted.cs", code);
}
