/// The names of GEXF that mean something here.
enum GEXFName: String, CaseIterable {
  case gexf, meta, graph, attributes, attribute, `default`, options, nodes, node, edges, edge, attvalues,
    attvalue
  case parents, parent, spells, spell, slices, slice
  case defaultedgetype, `class`, id, title, type, `for`, value, label, pid, source, target, kind, start, end
}
