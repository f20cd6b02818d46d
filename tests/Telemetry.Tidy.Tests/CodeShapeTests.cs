using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Telemetry.Tidy.Tests;

/// <summary>The shape of code that STYLE.md asks for, as far as a machine can see it.</summary>
public sealed class CodeShapeTests
{
    private const int FileLinesMax = 500;
    private const int MethodLinesMax = 70;
    private const int NestingMax = 4;
    private const int LineCharactersMax = 120;

    [Fact]
    public void Files_methods_nesting_and_lines_keep_their_ceilings()
    {
        SourceTree.AssertNone(SourceTree.Files(".cs").SelectMany(ComplaintsOf));
    }

    [Fact]
    public void The_ceilings_would_notice_a_breach()
    {
        string tooDeep = "class C { void M() { if (a) { while (b) { for (;;) { lock (c) { if (d) { } } } } } } }";
        string tooLong = "class C { void M() {" + new string('\n', MethodLinesMax + 1) + "} }";

        Assert.NotEmpty(ShapeComplaints("x.cs", tooDeep));
        Assert.NotEmpty(ShapeComplaints("x.cs", tooLong));
        Assert.NotEmpty(TextComplaints("x.cs", new string('x', LineCharactersMax + 1)));
    }

    private static IEnumerable<string> ComplaintsOf(string path)
    {
        string source = SourceTree.Read(path);
        return TextComplaints(path, source).Concat(ShapeComplaints(path, source));
    }

    private static IEnumerable<string> TextComplaints(string path, string source)
    {
        string[] lines = source.Split('\n');
        if (lines.Length > FileLinesMax + 1)
        {
            yield return $"{path}:1: error: {lines.Length} lines, use at most {FileLinesMax}: split by topic";
        }

        string[] unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"];
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length > LineCharactersMax)
            {
                yield return $"{path}:{i + 1}: error: {line.Length} characters, use at most {LineCharactersMax}";
            }

            foreach (string word in unfinished.Where(word => line.Contains(word, StringComparison.Ordinal)))
            {
                yield return $"{path}:{i + 1}: error: '{word}', use an issue or finish it";
            }
        }
    }

    private static IEnumerable<string> ShapeComplaints(string path, string source)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source).GetRoot();
        foreach (SyntaxTrivia trivia in root.DescendantTrivia(descendIntoTrivia: false))
        {
            if (trivia.Kind() is SyntaxKind.RegionDirectiveTrivia or SyntaxKind.IfDirectiveTrivia)
            {
                yield return $"{path}:{LineOf(trivia)}: error: {trivia.ToString().Trim()}, use a type or method";
            }

            bool hasReason = trivia.ToString().Contains("//", StringComparison.Ordinal);
            if (trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia) && !hasReason)
            {
                yield return $"{path}:{LineOf(trivia)}: error: #pragma without a reason on its line";
            }
        }

        foreach (SyntaxNode body in root.DescendantNodes().Where(IsMethodLike))
        {
            FileLinePositionSpan span = body.GetLocation().GetLineSpan();
            int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            int line = span.StartLinePosition.Line + 1;
            if (lines > MethodLinesMax)
            {
                yield return $"{path}:{line}: error: method of {lines} lines, use at most {MethodLinesMax}";
            }

            int depth = DepthOf(body);
            if (depth > NestingMax)
            {
                yield return $"{path}:{line}: error: nesting of {depth}, use at most {NestingMax}";
            }
        }
    }

    private static bool IsMethodLike(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    private static int DepthOf(SyntaxNode node)
    {
        int deepest = 0;
        foreach (SyntaxNode child in node.ChildNodes())
        {
            int own = IsNesting(child) ? 1 : 0;
            deepest = Math.Max(deepest, own + DepthOf(child));
        }

        return deepest;
    }

    /// <summary>
    /// What a reader must keep in mind while reading on; <c>else if</c> is not deeper than its <c>if</c>.
    /// </summary>
    private static bool IsNesting(SyntaxNode node) => node switch
    {
        IfStatementSyntax { Parent: ElseClauseSyntax } => false,
        IfStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax => true,
        DoStatementSyntax or SwitchStatementSyntax or TryStatementSyntax or LockStatementSyntax => true,
        LambdaExpressionSyntax or LocalFunctionStatementSyntax => true,
        _ => false,
    };

    private static int LineOf(SyntaxTrivia trivia) =>
        trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
